import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoLogins } from '#api/parts.ts'
import { LaunchedCity } from '../bin/faults/launched-city.ts'
import { freePort } from '../tools/processes.ts'
import type { BenchCity } from './city.ts'
import { houseEnvironment, type BenchHouse } from './house.ts'
import { memoryMegabytes } from './machine.ts'
import { Officers } from './officers.ts'
import type { Finding } from './report.ts'
import type { Stand } from './stand.ts'
import { inTurns, median, ratioOf } from './statistics.ts'

interface Start {
  readonly ms: number
  readonly megabytes: number
}

/**
 * P12. From the start of a process until it says it is ready, and what it then holds; beside it the bare HTTP server, started in turn. And the
 * whole city, started again on what it has.
 */
export async function startUp(stand: Stand, city: BenchCity, worked: BenchHouse | undefined, rounds: number): Promise<Finding> {
  const database = await stand.database('bench_start', city.database.name)
  const temporal = await stand.temporal()
  const start = (script: string) => async (round: number): Promise<Start> => {
    const environment = { ...city.environment, ...houseEnvironment(database, undefined, temporal.address, await freePort()) }
    const program = await stand.program({ name: `start-${round}`, script, environment })
    await sleep(500)
    const { now } = memoryMegabytes(program.pid)
    await program.end()
    return { ms: program.readyAfterMs, megabytes: now }
  }
  const [api, bare] = await inTurns(rounds, start('bin/api.ts'), start('bench/bare-http.ts'))
  const [worker, bareAgain] = await inTurns(rounds, start('bin/worker.ts'), start('bench/bare-http.ts'))
  const row = (what: string, unit: string, ours: readonly Start[], contender: readonly Start[], value: (one: Start) => number, aim: string) => ({
    what,
    ours: median(ours.map(value)),
    contender: median(contender.map(value)),
    unit,
    ratio: ratioOf(ours.map(value), contender.map(value)),
    aim,
  })
  const afterWork = (worked?.programs ?? []).map((one) => ({
    what: `${'port' in one.said ? 'API' : '工作进程'}，本次压测之后的内存（最高 ${memoryMegabytes(one.pid).highest}）`,
    ours: memoryMegabytes(one.pid).now,
    unit: 'MB',
  }))
  const again = await startsAgain(stand, rounds)
  return {
    id: 'P12',
    title: '启动与内存',
    contender: '裸 node:http 加同样的数据库连接（bench/bare-http.ts）',
    size: `各启动 ${rounds} 次，轮流；工作进程在启动时打包流程代码（生产镜像里是预先打好的）`,
    rows: [
      row('API，到就绪', 'ms', api, bare, (one) => one.ms, '≤ 3000'),
      row('工作进程，到就绪', 'ms', worker, bareAgain, (one) => one.ms, '≤ 10000'),
      row('API，就绪后的内存', 'MB', api, bare, (one) => one.megabytes, ''),
      row('工作进程，就绪后的内存', 'MB', worker, bareAgain, (one) => one.megabytes, ''),
      ...afterWork,
      { what: '再次 npm start，到第一张列表送达', ours: median(again), unit: 'ms', aim: '≤ 10000' },
      { what: '再次 npm start，最慢一次', ours: Math.max(...again), unit: 'ms', aim: '≤ 10000' },
    ],
  }
}

/** Often enough to be no part of the figure, seldom enough to take nothing from those who start. */
const LOOK_MILLISECONDS = 50

/**
 * Founds the demo city by its launcher, ends it in good order, and starts it again and again.
 * @returns milliseconds of each start but the first, from the start of the launcher until an officer's list is answered
 */
async function startsAgain(stand: Stand, rounds: number): Promise<number[]> {
  const folder = join(stand.folder, 'npm-start')
  const city = new LaunchedCity(folder)
  stand.onEnd(() => city.end())
  await city.start()
  const logins = JSON.parse(readFileSync(join(folder, 'demo-logins.json'), 'utf8')) as DemoLogins
  const officer = await new Officers(city.environment()['PUBLIC_ORIGIN'] ?? '', logins).person('INTAKE')
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await city.end()
    const began = performance.now()
    let serves = false
    const serving = city.start().then(() => (serves = true))
    // Who was in before is in still: a session outlives the house.
    const list = async (): Promise<boolean> => (await officer.send('GET', '/api/tasks/todo?limit=50').catch(() => undefined))?.status === 200
    for (let late = false; !(await list()); late = serves) {
      if (late) throw new Error('the city serves, and not where it did')
      await Promise.race([sleep(LOOK_MILLISECONDS), serving])
    }
    times.push(performance.now() - began)
    await serving
  }
  await city.end()
  return times
}
