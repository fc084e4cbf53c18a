import { foundBenchCity, type BenchCity } from './city.ts'
import { casesOf, clickToList } from './click-to-list.ts'
import { auditAppend } from './audit-append.ts'
import { startHouse, type BenchHouse } from './house.ts'
import { httpShell } from './http-shell.ts'
import { longLists } from './long-lists.ts'
import { hardwareLine, processorTicks } from './machine.ts'
import { asText, type Finding } from './report.ts'
import { openStand, type Stand } from './stand.ts'
import { startUp } from './start-up.ts'
import { wholeCases } from './whole-cases.ts'
import { answering, readOptions, Refused } from '../bin/command-line.ts'

const NAMES = ['click-to-list', 'whole-cases', 'http-shell', 'audit-append', 'start-up', 'long-lists'] as const
type Name = (typeof NAMES)[number]

const help = `用法：npm run bench -- [--only <名称>] [--quick] [--json]

在自带的 PostgreSQL 和 Temporal 上（另起端口，用后删除），逐项与对照轮流测量：
  click-to-list   点击到出现在下一岗位的待办（对照：无流程引擎）
  whole-cases     完整贷款案件的 CPU、行数、日志量（对照：无流程引擎）
  http-shell      HTTP 外壳（对照：裸 node:http，同样的 SQL）
  audit-append    审计链写入（对照：不成链；1 与 8 个写入者）
  start-up        启动时间与内存
  long-lists      十万案件里的列表（对照：一万案件），并检查没有整表扫描
  --only   只测一项
  --quick  小规模走一遍，几分钟；数字不足为凭
  --json   只输出 JSON
退出码：0 测完，1 参数有误，或者测出的不是慢而是错（答复后读不到、整表扫描），2 测量失败`

/** How much of everything. The record run is the whole; the quick one shows that everything runs. */
const SIZES = {
  whole: {
    click: { rounds: 5, casesPerRound: 20, toldPerRound: 20, burst: 6 },
    cases: { rounds: 5, approvedPerRound: 12, disbursedPerRound: 4 },
    http: { rounds: 7, requestsPerRound: 600 },
    audit: { rounds: 7, factsPerRound: 1_600 },
    starts: 5,
    lists: { cases: 100_000, rounds: 5, requestsPerRound: 8 },
  },
  quick: {
    click: { rounds: 2, casesPerRound: 4, toldPerRound: 4, burst: 3 },
    cases: { rounds: 2, approvedPerRound: 4, disbursedPerRound: 2 },
    http: { rounds: 3, requestsPerRound: 100 },
    audit: { rounds: 3, factsPerRound: 200 },
    starts: 2,
    lists: { cases: 10_000, rounds: 2, requestsPerRound: 3 },
  },
} as const

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  console.error(`测量未完成：${error instanceof Error ? error.stack : String(error)}`)
  process.exitCode = 2
}

/** @returns 0 when everything was measured, 1 when a measure found something wrong: slow is no error, stale is */
async function run(args: string[]): Promise<number> {
  let right = true
  const code = await answering(async () => {
    const { texts, flags } = readOptions(args, ['only'], ['quick', 'json', 'help'])
    if (flags.help) return console.log(help)
    const only = NAMES.find((name) => name === texts.only)
    if (texts.only !== undefined && !only) throw new Refused(`没有“${texts.only}”这一项：${NAMES.join('、')}`)
    const since = processorTicks()
    const findings = await measure(only ? [only] : NAMES, flags.quick ? SIZES.quick : SIZES.whole, (line) => {
      if (!flags.json) process.stderr.write(`${line}\n`)
    })
    const hardware = hardwareLine(since)
    right = findings.every((finding) => (finding.wrong ?? []).length === 0)
    console.log(flags.json ? JSON.stringify({ hardware, findings }) : asText(findings, hardware))
  })
  return code === 0 && !right ? 1 : code
}

type Size = (typeof SIZES)[keyof typeof SIZES]

async function measure(names: readonly Name[], size: Size, say: (line: string) => void): Promise<Finding[]> {
  const stand = await openStand()
  // Whoever interrupts still gets the servers ended; they run in process groups of their own.
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!ending) void stand.end().finally(() => process.exit(130))
      ending = true
    })
  }
  try {
    const { click, cases } = size
    const applicants = click.rounds * casesOf(click) + cases.rounds * (cases.approvedPerRound + cases.disbursedPerRound)
    const city = await foundBenchCity(stand, { applicants, cashiers: cases.rounds * cases.disbursedPerRound })
    const measures = measuresOf(stand, city, size)
    const findings: Finding[] = []
    for (const name of names) {
      say(`正在测量 ${name} ……`)
      findings.push(await measures[name]())
    }
    return findings
  } finally {
    await stand.end()
  }
}

/** Houses are opened by the first measure that needs them. */
function measuresOf(stand: Stand, city: BenchCity, size: Size): Record<Name, () => Promise<Finding>> {
  let opened: Promise<{ house: BenchHouse; floor: BenchHouse }> | undefined
  const houses = () => (opened ??= startHouse(stand, city, 'house').then(async (house) => ({ house, floor: await startHouse(stand, city, 'floor') })))
  return {
    'click-to-list': async () => {
      const { house, floor } = await houses()
      return clickToList(house, floor, city, size.click)
    },
    'whole-cases': async () => {
      const { house, floor } = await houses()
      return wholeCases(stand, house, floor, city, size.cases)
    },
    'http-shell': async () => httpShell(stand, (await houses()).house, city, size.http),
    'audit-append': () => auditAppend(stand, size.audit),
    'start-up': async () => startUp(stand, city, (await opened)?.house, size.starts),
    'long-lists': () => longLists(stand, city, size.lists),
  }
}
