import { createPublicKey, type KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { replayVerdict } from '#activities/loan/replay.ts'
import { checkAll } from '#db/checks/check-all.ts'
import { stageRows } from '#db/checks/stages.ts'
import { INVARIANTS, type Violation } from '#db/checks/violation.ts'
import { exportBundle, type BundleCounts } from '#db/seal/export.ts'
import { keyIdOf, publicHalf } from '#db/seal/head.ts'
import { UnreadableLine } from '#db/seal/lines.ts'
import { verifyBundle, type BundleReport, type Finding } from '#db/seal/verify.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import { answering, readOptions, Refused } from '../command-line.ts'
import { withWork } from '../work-connection.ts'

export const summary = '核验审计：导出审计包、离线核验、与业务数据互相核对'

const help = `用法：npm run -s anju -- verify --export <包>                          从库中导出审计包
      npm run -s anju -- verify <包> [--heads <文件>] [--key <公钥>]    离线核验，不连数据库
      npm run -s anju -- verify --live                                 审计与业务数据互相核对，并查各项不变式

离线核验逐行重算每条审计链、每棵 Merkle 树、每个封首和签名，并指出最先不符的一行。
  --heads   库外留存的封首（seal --heads 所写）：尾部被截、整库被改写，只有靠它才能发现
  --key     封签公钥（PEM，可含多个）；不指定时用包中自带的，只能证明前后一致，不能证明出自何人
  --json    只输出 JSON

尚未封签的行（通常是最近一分钟内的）只受链的保护；改写其末行须靠 --live 发现。
退出码：0 相符，1 不相符或输入有误，2 故障
示例：npm run -s anju -- verify 审计.jsonl --heads heads.txt --key seal.pem`

/** @returns 0 when everything agrees, 1 when something does not */
export async function run(args: string[]): Promise<number> {
  let agrees = true
  const code = await answering(async () => {
    const [first, ...others] = args
    const bundle = first !== undefined && !first.startsWith('--') ? first : undefined
    const { texts, flags } = readOptions(bundle === undefined ? args : others, ['export', 'heads', 'key'], ['live', 'json', 'help'])
    const say = (json: object, text: readonly string[]): void => console.log(flags.json ? inJson(json) : text.join('\n'))
    if (flags.help) return console.log(help)
    if ([bundle, texts.export, flags.live || undefined].filter((way) => way !== undefined).length !== 1) {
      throw new Refused('请指明一件事：审计包的文件名、--export 或 --live（--help 查看说明）')
    }
    if (texts.export !== undefined) {
      const counts = await exportTo(texts.export)
      return say({ bundle: texts.export, ...counts }, [
        `已导出${counts.rows}行、${counts.streams}条链、${counts.seals}个封签：${texts.export}`,
      ])
    }
    if (bundle !== undefined) {
      const report = await verifyFile(bundle, texts)
      agrees = report.intact
      return say({ ...report, firstBadRow: report.findings[0] ?? null }, reportText(report))
    }
    const violations = await checkLive()
    agrees = violations.length === 0
    say({ agrees, violations }, liveText(violations))
  })
  return agrees ? code : 1
}

const inJson = (value: object): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))

/** Far fewer writes than lines. */
const LINES_PER_WRITE = 1_000

async function exportTo(path: string): Promise<BundleCounts> {
  return withWork('anju-verify', async (db, { ANJU_SEAL_KEY: key }) => {
    // An earlier bundle is evidence: it is never written over.
    const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      throw new Refused(`不能写入 ${path}：${error.code === 'EEXIST' ? '文件已存在' : (error.code ?? error.message)}`)
    })
    try {
      let waiting: string[] = []
      const flush = async (): Promise<void> => {
        await file.write(waiting.map((line) => `${line}\n`).join(''))
        waiting = []
      }
      const keys = [{ keyId: keyIdOf(key), publicKey: publicHalf(key).export({ type: 'spki', format: 'pem' }).toString() }]
      const counts = await exportBundle(db, keys, async (line) => {
        if (waiting.push(line) >= LINES_PER_WRITE) await flush()
      })
      await flush()
      return counts
    } finally {
      await file.close()
    }
  })
}

async function verifyFile(path: string, { heads, key }: { readonly heads?: string; readonly key?: string }): Promise<BundleReport> {
  const trusted = key === undefined ? [] : keysIn(await readText(key))
  const headLines = heads === undefined ? [] : (await readText(heads)).split('\n')
  const input = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`审计包 ${path} 无法读取：${error.code ?? error.message}`)
  })
  await input.close()
  try {
    return await verifyBundle(createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }), {
      trusted,
      headLines,
    })
  } catch (error) {
    throw error instanceof UnreadableLine ? new Refused(`${path} 不是审计包，或已损坏：${error.message}`) : error
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`${path} 无法读取：${error.code === 'ENOENT' ? '文件不存在' : (error.code ?? error.message)}`)
  })
}

/** Keys change over the years: one file may hold several. @throws Refused when it holds none */
function keysIn(pem: string): KeyObject[] {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  try {
    const keys = blocks.map((block) => createPublicKey(block))
    if (keys.length > 0 && keys.every((key) => key.asymmetricKeyType === 'ed25519')) return keys
  } catch {
    // Said below, in the same words: the file is of no use.
  }
  throw new Refused('--key 的文件里须是 ed25519 公钥（PEM）')
}

function reportText(report: BundleReport): string[] {
  const { intact, rows, streams, seals, unsealedRows, keysTrusted, headsCompared, headsUnread, findings } = report
  const size = `${rows}行、${streams}条链、${seals}个封签，尚未封签${unsealedRows}行；导出于${report.madeAt}`
  const first = findings[0]
  return [
    intact ? `✓ 相符：${size}` : `✗ 不相符：${size}`,
    ...(first ? [`最先不符：${placeText(first)}${first.what}`] : []),
    ...findings.slice(1, 20).map((finding) => `  另：${placeText(finding)}${finding.what}`),
    ...(findings.length > 20 ? [`  另有${findings.length - 20}处，见 --json`] : []),
    keysTrusted ? '封签公钥：由 --key 指定' : '封签公钥：取自审计包自身，未经独立核对（用 --key 指定）',
    headsCompared > 0 ? `库外封首：已比对${headsCompared}条` : '库外封首：未比对，不能排除尾部被截或整库被改写（用 --heads 指定）',
    ...(headsUnread > 0 ? [`库外封首中有${headsUnread}行读不出，已略过`] : []),
  ]
}

function placeText({ stream, seq, sealNo }: Finding): string {
  const row = stream === undefined ? '' : `链 ${stream} 第${seq ?? '?'}行`
  const seal = sealNo === undefined ? '' : `第${sealNo}号封签`
  const place = [seal, row].filter((part) => part !== '').join('，')
  return place === '' ? '' : `${place}：`
}

/** Every invariant that needs no engine, on a house that may be at work. */
const checkLive = (): Promise<Violation[]> =>
  withWork('anju-verify', (db) =>
    checkAll(db, { stages: stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf }), quiet: false, replay: replayVerdict }),
  )

function liveText(violations: readonly Violation[]): string[] {
  if (violations.length === 0) return ['✓ 审计、业务数据与账簿互相一致']
  return violations.flatMap(({ invariant, what, count, rows }) => [
    `✗ ${invariant} ${INVARIANTS[invariant]}：${what}（${count}处）`,
    ...rows.slice(0, 3).map((row) => `    ${inJson(row)}`),
  ])
}
