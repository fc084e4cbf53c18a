import { request } from 'node:http'
import type { BenchCity } from './city.ts'
import { houseEnvironment, type BenchHouse } from './house.ts'
import { cpuSeconds } from './machine.ts'
import type { Finding, FindingRow } from './report.ts'
import type { Stand } from './stand.ts'
import { inTurns, percentile, ratioOf } from './statistics.ts'
import { freePort } from '../tools/processes.ts'

export interface HttpSize {
  readonly rounds: number
  readonly requestsPerRound: number
}

interface Round {
  readonly p50: number
  readonly p99: number
  readonly cpuMs: number
}

const SHOWN: readonly { what: string; value: (round: Round) => number; aim: string }[] = [
  { what: 'p50', value: (round) => round.p50, aim: '≤ 1.6 倍' },
  { what: 'p99', value: (round) => round.p99, aim: '' },
  { what: 'CPU', value: (round) => round.cpuMs, aim: '≤ 3 ms' },
]

/** P11. What Express, headers, log, routes and checked answers add to a request, over bare `node:http` with the same session and SQL. */
export async function httpShell(stand: Stand, house: BenchHouse, city: BenchCity, { rounds, requestsPerRound }: HttpSize): Promise<Finding> {
  const port = await freePort()
  const environment = { ...city.environment, ...houseEnvironment(house.database, undefined, '127.0.0.1:9', port) }
  const bare = await stand.program({ name: 'bare-http', script: 'bench/bare-http.ts', environment })
  const cookie = (await house.officers.person('REVIEWER')).cookieHeader
  const [api] = house.programs.filter((one) => 'port' in one.said)
  if (!api) throw new Error('a house has an API')
  const rows: FindingRow[] = []
  for (const path of ['/healthz', '/api/session']) {
    const play = (origin: string, pid: number) => () => askRepeatedly(origin + path, cookie, pid, requestsPerRound)
    const [ours, contender] = [play(house.origin, api.pid), play(`http://127.0.0.1:${port}`, bare.pid)]
    const same = [await bodyOf(house.origin + path, cookie), await bodyOf(`http://127.0.0.1:${port}${path}`, cookie)]
    if (same[0] !== same[1]) throw new Error(`the contender answers otherwise: ${same.join(' / ')}`)
    await Promise.all([ours(), contender()])
    const [a, b] = await inTurns(rounds, ours, contender)
    for (const { what, value, aim } of SHOWN) {
      rows.push({
        what: `GET ${path}，${what}`,
        ours: percentile(a.map(value), 50),
        contender: percentile(b.map(value), 50),
        unit: 'ms',
        ratio: ratioOf(a.map(value), b.map(value)),
        aim,
      })
    }
  }
  await bare.end()
  return {
    id: 'P11',
    title: 'HTTP 外壳',
    contender: '裸 node:http，同样的会话与 SQL，答复逐字节相同（bench/bare-http.ts）',
    size: `每方 ${rounds} 轮 × ${requestsPerRound} 次，一条连接，逐次`,
    rows,
  }
}

async function askRepeatedly(url: string, cookie: string, pid: number, count: number): Promise<Round> {
  const [cpu, times]: [number, number[]] = [cpuSeconds([pid]), []]
  for (let index = 0; index < count; index++) {
    const began = performance.now()
    await bodyOf(url, cookie)
    times.push(performance.now() - began)
  }
  return { p50: percentile(times, 50), p99: percentile(times, 99), cpuMs: ((cpuSeconds([pid]) - cpu) * 1000) / count }
}

/** Node's own client keeps its connection open between requests. */
const bodyOf = (url: string, cookie: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers: { Cookie: cookie } }, (res) => {
      const parts: Buffer[] = []
      res.on('data', (part: Buffer) => parts.push(part))
      res.on('end', () => (res.statusCode === 200 ? resolve(Buffer.concat(parts).toString()) : reject(new Error(`${url}: ${res.statusCode}`))))
    })
    asked.on('error', reject).end()
  })
