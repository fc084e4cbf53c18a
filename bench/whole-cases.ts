import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { withClient } from '../tools/postgres.ts'
import type { BenchCity } from './city.ts'
import type { BenchHouse } from './house.ts'
import { together } from './officers.ts'
import type { Finding } from './report.ts'
import type { Stand } from './stand.ts'
import { inTurns, median, ratioOf } from './statistics.ts'

export interface WholeSize {
  readonly rounds: number
  readonly approvedPerRound: number
  readonly disbursedPerRound: number
}

const OFFICERS_AT_ONCE = 8

interface Cost {
  readonly cpuPerCase: number
  readonly secondsPerCase: number
  readonly rowsPerCase: number
  readonly walPerCase: number
  readonly enginePerCase: number
}

/** P2. Whole cases through the API by eight officers at once: what a case costs in CPU, rows, and bytes of log. */
export async function wholeCases(stand: Stand, house: BenchHouse, floor: BenchHouse, city: BenchCity, size: WholeSize): Promise<Finding> {
  const { rounds, approvedPerRound, disbursedPerRound } = size
  // From the end of the queue: the front has gone to others.
  const taken = new Map<BenchHouse, number>()
  const next = (one: BenchHouse, count: number) => {
    const from = taken.get(one) ?? 0
    taken.set(one, from + count)
    const end = city.applications.length - from
    return city.applications.slice(end - count, end)
  }
  const approve = (one: BenchHouse) => () => costOf(stand, one, next(one, approvedPerRound), (application) => one.officers.approved(application))
  const disburse = (one: BenchHouse) => () => costOf(stand, one, next(one, disbursedPerRound), (application) => one.officers.disbursed(application))
  const [approved, approvedFloor] = await inTurns(rounds, approve(house), approve(floor))
  const [disbursed, disbursedFloor] = await inTurns(rounds, disburse(house), disburse(floor))
  const rowsOf = (way: string, ours: readonly Cost[], contender: readonly Cost[]) => {
    const row = (what: string, unit: string, value: (cost: Cost) => number) => ({
      what: `${way}，${what}`,
      ours: median(ours.map(value)),
      contender: median(contender.map(value)),
      unit,
      ratio: ratioOf(ours.map(value), contender.map(value)),
    })
    return [
      row('每 CPU 秒的案件数', '件', (cost) => 1 / cost.cpuPerCase),
      row('每件耗时', 's', (cost) => cost.secondsPerCase),
      row('每件案件的行（PostgreSQL）', '行', (cost) => cost.rowsPerCase),
      row('每件的 WAL（PostgreSQL）', 'KB', (cost) => cost.walPerCase / 1024),
      { what: `${way}，每件引擎库增长`, ours: ours.reduce((sum, cost) => sum + cost.enginePerCase, 0) / ours.length / 1024, unit: 'KB' },
    ]
  }
  return {
    id: 'P2',
    title: '完整的贷款案件',
    contender: '同样的 SQL 与 HTTP，没有流程引擎（bench/floor.ts）',
    size: `每方 ${rounds} 轮 × ${approvedPerRound} 件（提交至准予）与 ${rounds} 轮 × ${disbursedPerRound} 件（提交至放款），${OFFICERS_AT_ONCE} 人同时`,
    rows: [...rowsOf('提交至准予', approved, approvedFloor), ...rowsOf('提交至放款', disbursed, disbursedFloor)],
  }
}

async function costOf(stand: Stand, house: BenchHouse, applications: readonly unknown[], carry: (application: unknown) => Promise<string>): Promise<Cost> {
  const before = { ...(await written(stand, house)), cpu: house.cpu(), at: performance.now(), engine: engineBytes(stand) }
  await together(OFFICERS_AT_ONCE, applications, carry)
  const [cpu, at] = [house.cpu(), performance.now()]
  const after = await written(stand, house)
  const per = (much: number): number => much / applications.length
  return {
    cpuPerCase: per(cpu - before.cpu),
    secondsPerCase: per((at - before.at) / 1000),
    rowsPerCase: per(after.rows - before.rows),
    walPerCase: per(after.wal - before.wal),
    enginePerCase: per(engineBytes(stand) - before.engine),
  }
}

/** Rows of all tables that hang on cases, and how far the log has come. */
async function written(stand: Stand, { database }: BenchHouse): Promise<{ rows: number; wal: number }> {
  const { rows: log } = await withClient(stand.superuserUrl, (client) =>
    client.query<{ bytes: string }>(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes`),
  )
  const rows = await withClient(database.ownerUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'case_id'`,
    )
    const counts = tables.map(({ name }) => `select count(*) as n from ${name} where case_id is not null`)
    const { rows: found } = await client.query<{ n: string }>(`select sum(n) as n from (${counts.join(' union all ')}) counts`)
    return Number(found[0]?.n)
  })
  return { rows, wal: Number(log[0]?.bytes) }
}

/** Temporal's database with its log. */
const engineBytes = ({ folder }: Stand): number =>
  readdirSync(join(folder, 'temporal'))
    .filter((name) => name.startsWith('temporal.db'))
    .reduce((sum, name) => sum + statSync(join(folder, 'temporal', name)).size, 0)
