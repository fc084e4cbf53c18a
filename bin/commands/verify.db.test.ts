import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPrivateKey } from '#activities/ports/keys.ts'
import { busyCity, type BusyCity } from '#db/checks/busy-city.fixture.ts'
import { untilFinal } from '#db/seal/archive.fixture.ts'
import { publicHalf } from '#db/seal/head.ts'
import { demoEnvironment, environmentFor } from '../launcher/environment.ts'
import { runHere, type Ended } from '../running.fixture.ts'
import { demoSecrets } from '../launcher/secrets.ts'

const project = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'anju-verify-'))
const [bundle, heads, key] = ['bundle.jsonl', 'heads.txt', 'seal.pem'].map((name) => join(folder, name))

let city: BusyCity
let environment: Record<string, string>

beforeAll(async () => {
  city = await busyCity()
  await untilFinal(city.work)
  const secrets = demoSecrets(folder)
  const ports = { postgres: 1, temporal: 1, temporalUi: 1, sandbox: 1, api: 1 }
  const worker = environmentFor('worker', demoEnvironment(ports, secrets, {}))
  environment = { ...worker, DATABASE_URL_WORK: city.database.workUrl, ANJU_DATA: join(folder, 'nothing'), PATH: process.env['PATH'] ?? '' }
  writeFileSync(key ?? '', publicHalf(readPrivateKey(secrets.sealKey)).export({ type: 'spki', format: 'pem' }))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await city.end()
})

interface Answer {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A process of its own, so that exit codes are what a shell sees. */
function anju(args: readonly (string | undefined)[], env: Record<string, string> = environment): Promise<Answer> {
  const child = spawn(process.execPath, ['bin/anju.mjs', ...args.map((arg) => arg ?? '')], { cwd: project, env })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  return new Promise((done) => child.on('close', (code) => done({ code, ...said })))
}

/** The same in the process of the test, one after the other. */
const here = ([name = '', ...args]: readonly (string | undefined)[]): Promise<Ended> =>
  runHere(
    name,
    args.map((arg) => arg ?? ''),
    environment,
  )

describe('an archive is sealed, carried out and checked', () => {
  test('sealing carries the heads out; sealing again finds nothing to do', async () => {
    const first = await anju(['seal', '--heads', heads, '--json'])
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(first.out)).toMatchObject({ seals: 1, published: 1 })
    expect((await anju(['seal', '--heads', heads])).out).toContain('没有需要加封的审计记录')
  })

  test('the bundle is written once and never over another', async () => {
    const { code, out } = await anju(['verify', '--export', bundle])
    expect(code).toBe(0)
    expect(out).toMatch(/已导出\d+行、\d+条链、1个封签/)
    expect(await anju(['verify', '--export', bundle])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('文件已存在') })
  })

  test('it agrees, without a database and without a secret', async () => {
    const nothing = { PATH: environment['PATH'] ?? '', ANJU_DATA: environment['ANJU_DATA'] ?? '' }
    const { code, out } = await anju(['verify', bundle, '--heads', heads, '--key', key], nothing)
    expect(out).toContain('✓ 相符')
    expect(out).toContain('库外封首：已比对1条')
    expect(code).toBe(0)
    expect((await anju(['verify', bundle], nothing)).out).toContain('未经独立核对')
  })

  test('a word that was changed is named by its row, in text and in JSON, and the exit code says so', async () => {
    const spoilt = join(folder, 'spoilt.jsonl')
    writeFileSync(spoilt, readFileSync(bundle ?? '', 'utf8').replace('"act":"decide/accept"', '"act":"decide/refuse"'))
    const { code, out } = await anju(['verify', spoilt, '--key', key])
    expect(code).toBe(1)
    expect(out).toMatch(/最先不符：链 case\/[0-9a-f-]{36} 第2行：内容与其散列不符/)
    const json = await anju(['verify', spoilt, '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({ intact: false, firstBadRow: { seq: '2', what: '内容与其散列不符' } })
  })

  const refused: readonly { readonly asked: string; readonly args: () => readonly (string | undefined)[]; readonly says: string }[] = [
    { asked: 'nothing', args: () => ['verify'], says: '请指明一件事' },
    { asked: 'two things', args: () => ['verify', bundle, '--live'], says: '请指明一件事' },
    { asked: 'a bundle that is not there', args: () => ['verify', 'nowhere.jsonl'], says: 'nowhere.jsonl 无法读取' },
    { asked: 'a file that is none', args: () => ['verify', key], says: '不是审计包' },
    { asked: 'a key that is none', args: () => ['verify', bundle, '--key', heads], says: '须是 ed25519 公钥' },
  ]
  test.each(refused)('$asked is refused', async ({ args, says }) => {
    expect(await here(args())).toMatchObject({ code: 1, out: '', err: expect.stringContaining(says) })
  })
})

describe('the archive and the business data agree, and where they do not it is said', () => {
  test('a city in order', async () => {
    expect(await here(['verify', '--live'])).toMatchObject({ code: 0, out: '✓ 审计、业务数据与账簿互相一致\n' })
  })

  test('an opinion reworded in the business data', async () => {
    await reworded(`update decision set opinion = '另有意见' where case_id = '${city.decidedCase}' and seq = 1`, async () => {
      const { code, out } = await here(['verify', '--live'])
      expect(code).toBe(1)
      expect(out).toContain('✗ I8 审计链：决定的内容与审计记录不同（1处）')
    })
  })
})

describe('decisions are made again', () => {
  test('all of them come out byte for byte', async () => {
    const { code, out } = await here(['replay-decision', '--all', '--json'])
    expect(code).toBe(0)
    const totals = JSON.parse(out) as { verdicts: number; same: number; perSecond: number }
    expect(totals.verdicts).toBeGreaterThan(20)
    expect(totals.same).toBe(totals.verdicts)
  })

  test('those of one case, each with its rule and policy', async () => {
    const { case_number: number } = await city.owner
      .selectFrom('case_file')
      .select('case_number')
      .where('case_id', '=', city.paidCase)
      .executeTakeFirstOrThrow()
    const { code, out } = await here(['replay-decision', number])
    expect(code).toBe(0)
    expect(out).toMatch(/✓ 相同 .*审核（第\d+版，规则 loan-2，政策 xinxiang@/)
    expect(out).toMatch(/✓ 相同 .*放款前复核/)
    expect(out).toMatch(/共2个结论：相同2个，不同0个；每秒\d+个/)
  })

  test('one that was altered does not, and a case that is not there is refused', async () => {
    const raised = `regexp_replace(content, '"result":{"amountFen":"\\d+"', '"result":{"amountFen":"99900000"')`
    const one = `(select verdict_id from verdict where case_id = '${city.decidedCase}' order by verdict_id limit 1)`
    await reworded(`update verdict set content = ${raised} where verdict_id = ${one}`, async () => {
      const { code, out } = await here(['replay-decision', '--all'])
      expect(code).toBe(1)
      expect(out).toMatch(/✗ 不同 .*重新审核的结论与记录不同\n共\d+个结论：相同\d+个，不同1个/)
    })
    expect(await here(['replay-decision', '没有（2025）1号'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('没有案号') })
  })
})

/** Does the damage for all to see, looks, and puts the rows back as they were. */
async function reworded(statement: string, look: () => Promise<void>): Promise<void> {
  const [, table = ''] = /^update (\w+)/.exec(statement) ?? []
  await sql.raw(`create table before_damage as select * from ${table}`).execute(city.superuser)
  await sql.raw(statement).execute(city.superuser)
  try {
    await look()
  } finally {
    const [column, id] = table === 'decision' ? ['opinion', 'decision_id'] : ['content', 'verdict_id']
    await sql
      .raw(`update ${table} t set ${column} = b.${column} from before_damage b where b.${id} = t.${id} and b.${column} <> t.${column}`)
      .execute(city.superuser)
    await sql`drop table before_damage`.execute(city.superuser)
  }
}
