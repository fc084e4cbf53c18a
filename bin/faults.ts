import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolderOf } from '../tools/folders.ts'
import { endPostgres, ensureDatabase, startPostgres } from '../tools/postgres.ts'
import { endTemporal, findTemporal, startTemporal } from '../tools/temporal.ts'
import { answering, readOptions, Refused } from './command-line.ts'
import { openWorkflows, startFaultHouse } from './faults/house.ts'
import { drawTrials, rehearse, type Outcome, type Trial } from './faults/run.ts'
import { databaseName, demoEnvironment, environmentFor, ownerName, sandboxName, type Environment } from './launcher/environment.ts'
import { choosePorts } from './launcher/ports.ts'
import { runToEnd } from './launcher/program.ts'
import { demoSecrets, type DemoSecrets } from './launcher/secrets.ts'

const help = `用法：npm run faults -- [--list] [--only N] [--seed S] [--point 名称#次数=kill9|throw|reply-lost]

启动真实的数据库、流程引擎、沙箱、后台进程和接口进程，先完整办一笔贷款并记下经过的全部故障点，
再逐点令进程在该处被杀（答复之前另令答复丢失），由操作员以原幂等键重发，最后核对：
只放款一次、银行只付一次、凭证只有一张、无重复办理、全部不变量成立。
  --list     只列出故障点和各自经过的次数
  --only N   只做其中 N 点（由种子抽取）
  --seed S   种子；不给则随机，并打印出来
  --point P  只做这一点
退出码：0 全部通过，1 有不符，2 未能进行`

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
    const { texts, flags } = readOptions(args, ['only', 'seed', 'point'], ['list', 'help'])
    if (flags.help) return console.log(help)
    const seed = texts.seed === undefined ? Math.floor(performance.timeOrigin) % 1_000_000 : wholeNumber('seed', texts.seed)
    failed = await tryAll(seed, { ...texts, ...(flags.list ? { list: true } : {}) })
  })
  return refused || Math.min(failed, 1)
}

/** @returns how many trials went wrong */
async function tryAll(seed: number, wanted: { readonly only?: string; readonly point?: string; readonly list?: true }): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'anju-faults-'))
  let failed = 0
  ends.push(async () => (failed === 0 ? rmSync(folder, { recursive: true, force: true }) : console.log(`日志留在 ${join(folder, 'logs')}`)))
  try {
    const secrets = demoSecrets(folder)
    const environment = await openServers(folder, secrets)
    const house = await startFaultHouse(environment, secrets, folder)
    ends.push(() => house.end())
    const { points, run } = await rehearse(house, join(folder, 'points'), () => openWorkflows(environment))
    if (wanted.list) {
      for (const [point, passages] of points) console.log(`${point}  ${passages}`)
      return 0
    }
    const trials = wanted.point === undefined ? drawTrials(points, seed) : [readTrial(wanted.point)]
    const chosen = wanted.only === undefined ? trials : trials.slice(0, wholeNumber('only', wanted.only))
    console.log(`故障点 ${points.size} 个，试验 ${trials.length} 次，本次做 ${chosen.length} 次；种子 ${seed}`)
    for (const trial of chosen) {
      const outcome = await run(trial)
      if (outcome.complaints.length > 0) failed++
      console.log(rowOf(outcome))
    }
    console.log(`${chosen.length - failed} 通过，${failed} 不符；种子 ${seed}`)
    return failed
  } finally {
    await endAll()
  }
}

async function openServers(folder: string, secrets: DemoSecrets): Promise<Environment> {
  const ports = await choosePorts({}, () => {})
  const cacheFolder = cacheFolderOf(process.env)
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), cacheFolder, port: ports.postgres, password: secrets.postgresPassword })
  ends.push(() => endPostgres(postgres))
  await ensureDatabase(postgres.superuserUrl, { database: databaseName, owner: ownerName, ownerPassword: secrets.ownerPassword, createRole: true })
  await ensureDatabase(postgres.superuserUrl, { database: sandboxName, owner: sandboxName, ownerPassword: secrets.sandboxPassword })
  const { path } = await findTemporal({ cacheFolder, env: process.env, say: console.log })
  const environment = demoEnvironment(ports, secrets, { ANJU_DATA: folder })
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

function readTrial(text: string): Trial {
  const [, point = '', passage = '', trouble] = /^(.+)#(\d+)=(kill9|throw|reply-lost)$/.exec(text) ?? []
  if (trouble !== 'kill9' && trouble !== 'throw' && trouble !== 'reply-lost') throw new Refused(`参数 --point 有误：${text}`)
  return { point, passage: Number(passage), trouble }
}

function rowOf({ trial, milliseconds, complaints }: Outcome): string {
  const name = `${trial.point}#${trial.passage}`.padEnd(48)
  const row = `${complaints.length === 0 ? '✓' : '✗'} ${name} ${trial.trouble.padEnd(10)} ${String(milliseconds).padStart(7)} 毫秒`
  return [row, ...complaints.map((one) => `    ${one}`)].join('\n')
}
