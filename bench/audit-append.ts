import { randomUUID } from 'node:crypto'
import { connect, type Db, type Tx } from '#db/connect.ts'
import { appendAudit } from '#db/write/audit.ts'
import { recordEvent, type LockedCase } from '#db/write/cases.ts'
import { cpuSeconds, withChildren } from './machine.ts'
import type { Finding } from './report.ts'
import type { Stand } from './stand.ts'
import { inTurns, median, ratioOf } from './statistics.ts'

export interface AuditSize {
  readonly rounds: number
  readonly factsPerRound: number
}

const WRITERS = 8

/** A fact of some case, told to the screens, with its audit row. */
type Write = (tx: Tx, caseId: string, seq: number) => Promise<void>

/**
 * P9. The smallest transaction that has an audit row (an event and its row), with the chain and with the same row unchained; by one writer
 * and by eight, each on a case of their own. A real decision writes a dozen rows more, so its chain weighs less than here.
 */
export async function auditAppend(stand: Stand, { rounds, factsPerRound }: AuditSize): Promise<Finding> {
  const database = await stand.database('bench_audit')
  const db = connect(database.urls.anju_work, { max: WRITERS })
  try {
    const run = (writers: number, write: Write) => () => writeFacts(stand, db, writers, factsPerRound, write)
    await run(WRITERS, chained)()
    const [one, onePlain] = await inTurns(rounds, run(1, chained), run(1, unchained))
    const [eight, eightPlain] = await inTurns(rounds, run(WRITERS, chained), run(WRITERS, unchained))
    const row = (what: string, unit: string, ours: readonly Cost[], contender: readonly Cost[], value: (cost: Cost) => number, aim?: string) => ({
      what,
      ours: median(ours.map(value)),
      contender: median(contender.map(value)),
      unit,
      ratio: ratioOf(ours.map(value), contender.map(value)),
      ...(aim ? { aim } : {}),
    })
    const scale = ratioOf(eight.map((cost) => cost.perSecond), one.map((cost) => cost.perSecond))
    const plainScale = ratioOf(eightPlain.map((cost) => cost.perSecond), onePlain.map((cost) => cost.perSecond))
    return {
      id: 'P9',
      title: '审计链的写入',
      contender: '同样的行，不成链（不取流的行锁，不算哈希）',
      size: `每方 ${rounds} 轮 × ${factsPerRound} 笔事务，1 个与 ${WRITERS} 个写入者，各写各的案件`,
      rows: [
        row('1 个写入者，每笔', 'ms', one, onePlain, (cost) => cost.ms),
        row('1 个写入者，每笔 CPU', 'ms', one, onePlain, (cost) => cost.cpuMs),
        row(`${WRITERS} 个写入者，每秒`, '笔', eight, eightPlain, (cost) => cost.perSecond),
        { what: `${WRITERS} 个写入者是 1 个的几倍（成链；对照不成链）`, ours: scale.median, contender: plainScale.median, unit: '倍', aim: '不低于不成链：没有全局锁' },
      ],
    }
  } finally {
    await db.destroy()
  }
}

interface Cost {
  readonly ms: number
  readonly cpuMs: number
  readonly perSecond: number
}

async function writeFacts(stand: Stand, db: Db, writers: number, facts: number, write: Write): Promise<Cost> {
  const each = Math.ceil(facts / writers)
  const pids = (): number[] => [process.pid, ...withChildren(stand.postgres.pid)]
  const [cpu, began] = [cpuSeconds(pids()), performance.now()]
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const caseId = randomUUID()
      for (let seq = 1; seq <= each; seq++) await db.transaction().execute((tx) => write(tx, caseId, seq))
    }),
  )
  const ms = performance.now() - began
  const done = each * writers
  return { ms: ms / each, cpuMs: ((cpuSeconds(pids()) - cpu) * 1000) / done, perSecond: (done / ms) * 1000 }
}

const OWNED = { org_id: 'centre-xinxiang', access_group_id: 'OPEN' } as const
const BODY = { seq: 1, from: 'PRELIM_REVIEW', to: 'REVIEW', version: 4, decided: { action: 'pass', opinion: '资料齐全' }, on: '2025-11-03' }

const tell = (tx: Tx, caseId: string, seq: number): Promise<void> =>
  recordEvent(tx, { case_id: caseId, ...OWNED, stage_version: seq } as LockedCase, 'MOVED')

const chained: Write = async (tx, caseId, seq) => {
  await tell(tx, caseId, seq)
  await appendAudit(tx, { stream: `case/${caseId}`, caseId, orgId: OWNED.org_id, actor: 'system', act: 'decide/pass', body: { ...BODY, seq } })
}

const unchained: Write = async (tx, caseId, seq) => {
  await tell(tx, caseId, seq)
  await tx
    .insertInto('audit_row')
    .values({
      stream: `case/${caseId}`,
      seq: BigInt(seq),
      case_id: caseId,
      ...OWNED,
      at: '2025-11-03T01:02:03.000000Z',
      actor: 'system',
      act: 'decide/pass',
      body: JSON.stringify({ ...BODY, seq }),
      prev_hash: '0'.repeat(64),
      hash: '0'.repeat(64),
    })
    .execute()
}
