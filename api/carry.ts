import type { CaseKind, CommandRef, StoredAnswer } from '#contracts/cases.ts'
import type { Refusal } from '#contracts/problem.ts'
import type { Db } from '#db/connect.ts'
import { fault, transact } from '#db/fault.ts'
import { isCaseOpen } from '#db/read/open-cases.ts'
import { readCommand, takeUncarried } from '#db/write/commands.ts'
import { refuseCaseCommand } from '#db/write/refusals.ts'
import type { CaseEngine } from './engine.ts'

/** What carrying needs of the engine. */
export type Carrier = Pick<CaseEngine, 'decide' | 'restart'>

/** A command on its way: what the engine is told, and to which case. */
export interface CarriedCommand extends CommandRef {
  readonly caseId: string
  readonly kind: CaseKind
}

/**
 * Carries a command to its case. However the way through the engine ended, the command's row decides what came of it, so a lost reply is
 * never a lost or doubled decision.
 * @param db may write commands
 * @returns the answer, which is on record; undefined while there is none: then the sweep carries it again
 */
export async function carryCommand(db: Db, engine: Carrier, command: CarriedCommand): Promise<StoredAnswer | undefined> {
  const { commandId, caseId, kind, expectedVersion } = command
  const ref: CommandRef = { commandId, expectedVersion }
  let way = await engine.decide(kind, caseId, ref)
  if (way.kind === 'ENDED' && (await isCaseOpen(db, caseId))) {
    // Not started yet, or lost by the engine: the record says open, so it is started from its record, and asked again.
    way = await engine.restart(kind, caseId).then(
      () => engine.decide(kind, caseId, ref),
      () => ({ kind: 'SLOW' }) as const,
    )
  }
  await fault('case-command.engine-answered')
  if (way.kind === 'ANSWERED') return way.outcome.answer

  const row = await readCommand(db, commandId)
  if (row?.answer) return row.answer as StoredAnswer
  if (way.kind === 'STALE') return settle(db, commandId, { code: 'STALE', ...(await lastDecider(db, caseId)) })
  if (way.kind === 'ENDED' && !(await isCaseOpen(db, caseId))) return settle(db, commandId, await refusalOfEnded(db, command))
  // Nothing of it has become true. The bug is on the incidents page; once it is mended the officer decides again, under a new key.
  if (way.kind === 'BROKEN') return settle(db, commandId, { code: 'INTERNAL', detail: '系统在办理时出错，已登记异常；您的办理没有生效' })
  return undefined
}

/** As many at a time: each waits for its answer as long as an officer does. */
const BATCH = 16

/**
 * Carries again the commands that have had no answer for longer than anybody waits for one. An Update that no worker had accepted is gone
 * with the engine's memory, and whoever sent it was told that it need not be sent again. Any number of workers may do this: a command is
 * decided once, however often it is carried.
 * @returns how many were answered
 */
export async function carryAgain(db: Db, engine: Carrier): Promise<number> {
  const commands = await db.transaction().execute((tx) => takeUncarried(tx, BATCH))
  const answers = await Promise.allSettled(commands.map((command) => carryCommand(db, engine, command)))
  const failed = answers.find((one) => one.status === 'rejected')
  // One that cannot be carried has held up no other; what was wrong is told.
  if (failed) throw failed.reason
  return answers.filter((one) => one.status === 'fulfilled' && one.value !== undefined).length
}

/** Refuses a command that reached no deciding transaction. */
const settle = (db: Db, commandId: string, refusal: Refusal): Promise<StoredAnswer> =>
  transact(db, 'command-refused', (tx) => refuseCaseCommand(tx, commandId, refusal))

/** Who did not know that the case has ended is told who was first, as after any other decision; who did, that there is nothing left to decide. */
async function refusalOfEnded(db: Db, { caseId, expectedVersion }: CarriedCommand): Promise<Refusal> {
  const kase = await db.selectFrom('case_file').select('stage_version').where('case_id', '=', caseId).executeTakeFirst()
  if (kase?.stage_version === expectedVersion) return { code: 'CONFLICT', detail: '案件已办结' }
  return { code: 'STALE', ...(await lastDecider(db, caseId)) }
}

async function lastDecider(db: Db, caseId: string): Promise<{ decidedBy?: string; decidedAt?: string }> {
  const last = await db
    .selectFrom('decision')
    .leftJoin('staff', 'staff.staff_id', 'decision.actor_id')
    .select(['staff.name', 'decision.decided_at'])
    .where('decision.case_id', '=', caseId)
    .orderBy('decision.seq', 'desc')
    .executeTakeFirst()
  return last ? { decidedBy: last.name ?? '系统', decidedAt: last.decided_at } : {}
}
