import { connect } from '#db/connect.ts'
import { DEMO_DAY } from '#db/seed/people.ts'
import { withClient } from '../tools/postgres.ts'
import { freePort } from '../tools/processes.ts'
import type { Browser } from '../tests/setup/http-client.ts'
import { scannedWhole } from './explain.ts'
import type { BenchCity } from './city.ts'
import { houseEnvironment } from './house.ts'
import { explainLists, GROWING, READERS, ROWS_PER_PAGE } from './list-plans.ts'
import { writeManyCases } from './many-cases.ts'
import { Officers } from './officers.ts'
import type { Finding, FindingRow } from './report.ts'
import type { Stand } from './stand.ts'
import { inTurns, percentile, ratioOf } from './statistics.ts'

export interface ListSize {
  readonly cases: number
  readonly rounds: number
  readonly requestsPerRound: number
}

const PAGES_DEEP = 40
const LIMIT = `limit=${ROWS_PER_PAGE}`
const LISTS = [
  { name: '待办', path: `/api/tasks/todo?${LIMIT}` },
  { name: '全部', path: `/api/cases?${LIMIT}` },
  { name: '已办', path: `/api/tasks/done?${LIMIT}` },
  { name: '我发起', path: `/api/tasks/started?${LIMIT}` },
  { name: '搜索后四位', path: '/api/search', q: '0417' },
  { name: '搜索姓名', path: '/api/search', q: '王平海' },
  { name: '搜索案号数字', path: '/api/search', q: '500417' },
] satisfies Omit<Ask, 'browser'>[]

/** One thing an officer asks for, to be asked again and again. */
interface Ask {
  readonly name: string
  readonly browser: Browser
  readonly path: string
  /** Words to search for, which travel in the body. */
  readonly q?: string
}

/** P6. The lists of three officers at the API over ten years of cases, beside the same lists over a tenth of them: growth must not be felt. */
export async function longLists(stand: Stand, city: BenchCity, { cases, rounds, requestsPerRound }: ListSize): Promise<Finding> {
  const [long, short] = [await openLists(stand, city, 'bench_long', cases, 10), await openLists(stand, city, 'bench_short', cases / 10, 1)]
  const ask = (asks: readonly Ask[]) => async () => {
    const times = new Map<string, number[]>(asks.map(({ name }) => [name, []]))
    for (let count = 0; count < requestsPerRound; count++) {
      for (const { name, browser, path, q } of asks) {
        const began = performance.now()
        await pageOf(browser, path, q)
        times.get(name)?.push(performance.now() - began)
      }
    }
    return times
  }
  await Promise.all([ask(long.asks)(), ask(short.asks)()])
  const [ours, contender] = await inTurns(rounds, ask(long.asks), ask(short.asks))
  const all = (found: readonly Map<string, number[]>[], name: string): number[] => found.flatMap((times) => times.get(name) ?? [])
  const rows = long.asks.map(({ name }): FindingRow => {
    const inShort = short.asks.some((one) => one.name === name)
    const p95s = (found: readonly Map<string, number[]>[]): number[] => found.map((times) => percentile(times.get(name) ?? [], 95))
    return {
      what: `${name}，p95（p50 ${percentile(all(ours, name), 50).toFixed(1)}）`,
      ours: percentile(all(ours, name), 95),
      ...(inShort ? { contender: percentile(all(contender, name), 95), ratio: ratioOf(p95s(ours), p95s(contender)) } : {}),
      unit: 'ms',
      aim: '≤ 50 ms',
    }
  })
  const everything = (found: readonly Map<string, number[]>[]): number[] => found.flatMap((times) => [...times.values()].flat())
  return {
    id: 'P6',
    title: `${cases} 个案件里的列表，每页 ${ROWS_PER_PAGE} 行，经 API`,
    contender: `同样的列表，${cases / 10} 个案件（一年）`,
    size: `三个岗位，第 1 页与第 ${PAGES_DEEP} 页，每项 ${rounds} 轮 × ${requestsPerRound} 次；行级安全始终开启`,
    rows: [
      { what: '所有列表合计，p95', ours: percentile(everything(ours), 95), contender: percentile(everything(contender), 95), unit: 'ms', aim: '≤ 50 ms' },
      ...rows,
      { what: '整表扫描（EXPLAIN，案件、待办、决定、当事人、审计）', ours: long.scans.length, unit: '处', aim: '0' },
    ],
    wrong: long.scans,
  }
}

async function openLists(stand: Stand, city: BenchCity, name: string, count: number, years: number): Promise<{ asks: Ask[]; scans: string[] }> {
  const database = await stand.database(name, city.database.name)
  const owner = connect(database.ownerUrl, { max: 1 })
  await writeManyCases(owner, { count, years, on: DEMO_DAY })
  await owner.destroy()
  // As autovacuum leaves a table that is not being filled: statistics, and pages known to be visible to all.
  await withClient(database.ownerUrl, (client) => client.query('vacuum (analyze)'))
  const port = await freePort()
  const environment = { ...city.environment, ...houseEnvironment(database, undefined, '127.0.0.1:9', port) }
  await stand.program({ name: `${name}-api`, script: 'bin/api.ts', environment })
  const officers = new Officers(`http://127.0.0.1:${port}`, city.logins)
  const { reader, desk } = { reader: connect(database.urls.anju_read, { max: 2 }), desk: connect(database.urls.anju_desk, { max: 2 }) }
  try {
    const orgs = await desk.selectFrom('org').select(['org_id', 'name']).execute()
    const asks: Ask[] = []
    for (const { label, post, orgId } of READERS) {
      const browser = await officers.person(post, orgs.find((org) => org.org_id === orgId)?.name)
      for (const list of LISTS) asks.push(...(await asksOf(browser, `${label} ${list.name}`, list)))
    }
    const plans = await explainLists(database.urls.anju_read, reader, desk)
    const scans = plans.flatMap(({ reader: who, read, page, plans: own }) =>
      own.flatMap(scannedWhole).flatMap((table) => (GROWING.some((one) => one === table) ? [`${who} ${read} 第 ${page} 页整表读 ${table}`] : [])),
    )
    return { asks, scans }
  } finally {
    await Promise.all([reader.destroy(), desk.destroy()])
  }
}

interface Page {
  readonly rows: readonly unknown[]
  readonly pageInfo?: { readonly after: string | null }
}

async function pageOf(browser: Browser, path: string, q: string | undefined): Promise<Page> {
  return q === undefined ? browser.get<Page>(path) : ((await browser.send('POST', path, { q })).body as Page)
}

/** The first page, and the fortieth where the list goes that far. An officer whose list is empty asks for nothing. */
async function asksOf(browser: Browser, name: string, list: Pick<Ask, 'path' | 'q'>): Promise<Ask[]> {
  const { path, q } = list
  let page = await pageOf(browser, path, q)
  if (page.rows.length === 0) return []
  const asks: Ask[] = [{ name: `${name} 第 1 页`, browser, ...list }]
  for (let number = 2; number <= PAGES_DEEP; number++) {
    const after = page.pageInfo?.after
    if (!after) return asks
    const next = `${path}&after=${encodeURIComponent(after)}`
    if (number === PAGES_DEEP) asks.push({ name: `${name} 第 ${PAGES_DEEP} 页`, browser, path: next })
    page = await pageOf(browser, next, undefined)
  }
  return asks
}
