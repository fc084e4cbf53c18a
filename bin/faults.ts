import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolderOf } from '../tools/folders.ts'
import { endPostgres, ensureDatabase, startPostgres } from '../tools/postgres.ts'
import { endTemporal, findTemporal, startTemporal } from '../tools/temporal.ts'
import { answering, readOptions, Refused } from './command-line.ts'
import { openWorkflows, startFaultHouse } from './faults/house.ts'
import { rehearseCity } from './faults/chaos.ts'
import { LaunchedCity, VICTIMS } from './faults/launched-city.ts'
import { drawTrials, rehearse, STORIES, TROUBLES, type Outcome, type Trial, type Trouble } from './faults/run.ts'
import { databaseName, demoEnvironment, environmentFor, ownerName, sandboxName, type Environment } from './launcher/environment.ts'
import { choosePorts } from './launcher/ports.ts'
import { runToEnd } from './launcher/program.ts'
import { demoSecrets, type DemoSecrets } from './launcher/secrets.ts'

const help = `用法：npm run faults -- [--list] [--only N] [--seed S] [--modes 方式,…] [--point 故事/名称#次数=方式] [--chaos | --points]

一、逐点：启动真实的数据库、流程引擎、沙箱、后台进程和接口进程，先无故障地各演一遍：一笔贷款、柜面日常操作、一次人员权限变更，
   记下各自经过的全部故障点，再逐点施加故障，由操作员以原幂等键重发，最后核对：结果与无故障时完全相同，全部不变量成立。
二、混乱：用 npm start 的启动程序起一座演示城市，多件业务同时办理时强杀一个或全部进程（全部被杀的再启动），
   核对同上，且重新启动后一分钟内每件在办业务都能办完。

  --list       只列出故障点和各自经过的次数
  --only N     只做逐点试验中的 N 次（由种子抽取）
  --seed S     种子；不给则随机，并打印出来
  --modes M    只用这些方式：kill9（强杀）、throw（抛错）、slow（慢过时限）、reply-lost（答复丢失）；逗号分隔
  --point P    只做这一点，如 loan/decide.after-commit#2=kill9
  --chaos      只做混乱试验
  --points     只做逐点试验
退出码：0 全部通过，1 有不符，2 未能进行`

/** Every point in every way, and some more: points are added with every kind of case. */
const TOLD_MAX = 700

/** Ended in the reverse order, whatever happens. */
const ends: (() => Promise<unknown>)[] = []
const endAll = async (): Promise<void> => {
  for (let end = ends.pop(); end; end = ends.pop()) await end()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endAll().finally(() => process.exit(130)))

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 2
})

async function main(args: readonly string[]): Promise<number> {
  let failed = 0
  const refused = await answering(async () => {
    const { texts, flags } = readOptions(args, ['only', 'seed', 'point', 'modes'], ['list', 'chaos', 'points', 'help'])
    if (flags.help) return console.log(help)
    const seed = texts.seed === undefined ? Math.floor(performance.timeOrigin) % 1_000_000 : wholeNumber('seed', texts.seed)
    const troubles = readModes(texts.modes)
    if (!flags.chaos) failed += await tryPoints(seed, troubles, { ...texts, list: flags.list })
    if (!flags.points && !flags.list && texts.point === undefined) failed += await tryChaos(seed)
  })
  return refused || Math.min(failed, 1)
}

interface Wanted {
  readonly only?: string
  readonly point?: string
  readonly list: boolean
}

/** @returns how many trials went wrong */
function tryPoints(seed: number, troubles: readonly Trouble[], wanted: Wanted): Promise<number> {
  return inFolder(async (folder) => {
    let failed = 0
    const secrets = demoSecrets(folder)
    const environment = await openServers(folder, secrets)
    const house = await startFaultHouse(environment, secrets, folder, TOLD_MAX)
    ends.push(() => house.end())
    const { points, run } = await rehearse(house, join(folder, 'points'), () => openWorkflows(environment))
    if (wanted.list) {
      for (const story of STORIES) for (const [point, passages] of points[story]) console.log(`${story}/${point}  ${passages}`)
      return 0
    }
    const trials = wanted.point === undefined ? drawTrials(points, seed, troubles) : [readTrial(wanted.point)]
    const chosen = wanted.only === undefined ? trials : trials.slice(0, wholeNumber('only', wanted.only))
    const passed = STORIES.map((story) => `${story} ${points[story].size}`).join('，')
    console.log(`故障点（${passed}），试验 ${trials.length} 次，本次做 ${chosen.length} 次；种子 ${seed}`)
    for (const trial of chosen) {
      const outcome = await run(trial)
      if (outcome.complaints.length > 0) failed++
      console.log(rowOf(outcome))
    }
    console.log(`逐点：${chosen.length - failed} 通过，${failed} 不符；种子 ${seed}`)
    return failed
  })
}

/** @returns how many trials went wrong */
function tryChaos(seed: number): Promise<number> {
  return inFolder(async (folder) => {
    let failed = 0
    const city = new LaunchedCity(folder)
    ends.push(() => city.end())
    await city.start()
    const rehearsed = await rehearseCity(city)
    ends.push(() => rehearsed.close())
    for (const [index, victim] of VICTIMS.entries()) {
      const { afterMs, downMs, finishedMs, complaints } = await rehearsed.trial(victim, seed + index)
      if (complaints.length > 0) failed++
      const times = `开始后 ${afterMs} 毫秒强杀${downMs > 0 ? `，${downMs} 毫秒后恢复服务` : ''}，其后 ${finishedMs} 毫秒全部办完`
      console.log(
        [`${complaints.length === 0 ? '✓' : '✗'} ${victim.padEnd(12)} ${times}`, ...complaints.map((one) => `    ${one}`)].join('\n'),
      )
    }
    console.log(`混乱：${VICTIMS.length - failed} 通过，${failed} 不符；种子 ${seed}`)
    return failed
  })
}

/** Lends a folder that is thrown away when all went well, and ends whatever was started in it. */
async function inFolder(work: (folder: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'anju-faults-'))
  let failed = 1
  try {
    failed = await work(folder)
    return failed
  } finally {
    await endAll()
    if (failed === 0) rmSync(folder, { recursive: true, force: true })
    else console.log(`日志留在 ${join(folder, 'logs')}`)
  }
}

async function openServers(folder: string, secrets: DemoSecrets): Promise<Environment> {
  const ports = await choosePorts({}, () => {})
  const cacheFolder = cacheFolderOf(process.env)
  const postgres = await startPostgres({
    folder: join(folder, 'postgres'),
    cacheFolder,
    port: ports.postgres,
    password: secrets.postgresPassword,
  })
  ends.push(() => endPostgres(postgres))
  await ensureDatabase(postgres.superuserUrl, {
    database: databaseName,
    owner: ownerName,
    ownerPassword: secrets.ownerPassword,
    createRole: true,
  })
  await ensureDatabase(postgres.superuserUrl, { database: sandboxName, owner: sandboxName, ownerPassword: secrets.sandboxPassword })
  const { path } = await findTemporal({ cacheFolder, env: process.env, say: console.log })
  // Bundled once for all the workers that will be killed and started again.
  const bundle = join(folder, 'workflows.js')
  await runToEnd({ name: 'bundle', args: [bundle], environment: {}, logFolder: join(folder, 'logs') }, () => {})
  const environment = demoEnvironment(ports, secrets, { ANJU_DATA: folder, WORKFLOW_BUNDLE: bundle })
  const namespace = environment['TEMPORAL_NAMESPACE'] ?? ''
  const temporal = await startTemporal({ binary: path, folder: join(folder, 'temporal'), port: ports.temporal, namespace })
  ends.push(() => endTemporal(temporal))
  await runToEnd({ name: 'migrate', environment: environmentFor('migrate', environment), logFolder: join(folder, 'logs') }, () => {})
  return environment
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Refused(`参数 --${name} 须为整数`)
  return Number(text)
}

function readModes(text: string | undefined): readonly Trouble[] {
  if (text === undefined) return TROUBLES
  return text.split(',').map((word) => TROUBLES.find((trouble) => trouble === word) ?? refuseOption('modes', text))
}

function readTrial(text: string): Trial {
  const [, name, point = '', passage = '', word] = /^([a-z-]+)\/(.+)#(\d+)=([a-z0-9-]+)$/.exec(text) ?? []
  const story = STORIES.find((one) => one === name) ?? refuseOption('point', text)
  const trouble = TROUBLES.find((one) => one === word) ?? refuseOption('point', text)
  return { story, point, passage: Number(passage), trouble }
}

function refuseOption(name: string, text: string): never {
  throw new Refused(`参数 --${name} 有误：${text}`)
}

function rowOf({ trial, milliseconds, complaints }: Outcome): string {
  const name = `${trial.story}/${trial.point}#${trial.passage}`.padEnd(58)
  const row = `${complaints.length === 0 ? '✓' : '✗'} ${name} ${trial.trouble.padEnd(10)} ${String(milliseconds).padStart(7)} 毫秒`
  return [row, ...complaints.map((one) => `    ${one}`)].join('\n')
}
