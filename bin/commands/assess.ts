import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { parsePlainDate, type PlainDate } from '#contracts/dates.ts'
import { inputText } from '#contracts/input-text.ts'
import { HOME_ORDERS } from '#contracts/loan.ts'
import type { LoanAssessment } from '#contracts/loan-assessment.ts'
import { exampleFacts } from '#contracts/loan-example.ts'
import { impossibleOn, loanFacts, type LoanFacts } from '#contracts/loan-facts.ts'
import { formatYuan, yuanText } from '#contracts/money.ts'
import type { Reason } from '#contracts/verdict.ts'
import { snapshotId } from '#db/canonical.ts'
import { NoPolicyInForce, policyAt, type PolicySnapshot } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { ENTITIES, isEntity, SCOPES, type Entity } from '#policy/scopes.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { answering, readOptions, Refused, required } from '../command-line.ts'
import { fieldLines } from '../field-help.ts'

export const summary = '贷款测算：按某中心某日的政策审核一份事实，给出结论、额度和全部理由'

const FACTS_BYTES_MAX = 1_048_576

const USAGE = `用法：npm run -s anju -- assess --entity <中心> --date <日期> --facts <文件> [--json]
      npm run -s anju -- assess --example        打印一份完整的事实文件

  --entity   ${ENTITIES.map((entity) => `${entity}（${SCOPES[entity].label}）`).join('、')}
  --date     受理日期 YYYY-MM-DD，决定适用的政策
  --facts    事实文件，UTF-8 编码的 JSON
  --json     只输出一个 JSON 对象：金额为两位小数的元；figures 中以 Fen 结尾的为整数分文本

事实文件中的金额一律为整数分的文本，与接口相同（65 万元写作 "65000000"）。缺少或不可能的事实会被指出，不会被猜测。
结论为不准予时退出码仍为 0：命令已作答。输入有误为 1。`

/** `anju assess`: the rules on a facts file, by the published policy, without any server. */
export const run = (args: string[]): Promise<number> =>
  answering(async () => {
    const options = readOptions(args, ['entity', 'date', 'facts'], ['json', 'help', 'example'])
    if (options.flags.help)
      return void process.stdout.write(
        `${USAGE}\n\n事实文件的全部字段：\n${fieldLines(z.toJSONSchema(loanFacts, { io: 'input' })).join('\n')}\n`,
      )
    if (options.flags.example) return void process.stdout.write(`${JSON.stringify(exampleFacts, null, 2)}\n`)
    const policy = policyOf(readEntity(required(options, 'entity')), readDate(required(options, 'date')))
    const facts = readFacts(await readText(required(options, 'facts')), policy.date)
    const assessment = assessLoan(facts, policy)
    process.stdout.write(`${options.flags.json ? JSON.stringify(asJson(assessment, policy)) : asText(assessment, policy)}\n`)
  })

function readEntity(text: string): Entity {
  if (!isEntity(text)) throw new Refused(`中心 ${text} 有误：须为 ${ENTITIES.join(' 或 ')}`)
  return text
}

function readDate(text: string): PlainDate {
  const date = parsePlainDate(text)
  if (!date) throw new Refused(`日期 ${text} 有误：须为真实存在的 YYYY-MM-DD`)
  return date
}

function policyOf(entity: Entity, date: PlainDate): PolicySnapshot {
  try {
    return policyAt(publishedRows, entity, date)
  } catch (error) {
    if (error instanceof NoPolicyInForce) throw new Refused(error.message)
    throw error
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`事实文件 ${path} 无法读取：${error.code === 'ENOENT' ? '文件不存在' : (error.code ?? error.message)}`)
  })
  if (bytes.length > FACTS_BYTES_MAX) throw new Refused(`事实文件过大：${bytes.length} 字节，至多 ${FACTS_BYTES_MAX} 字节`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refused(`事实文件 ${path} 不是 UTF-8 编码`)
  }
}

/** Every missing or impossible fact at once, each with its place in the file. */
function readFacts(text: string, date: PlainDate): LoanFacts {
  const parsed = loanFacts.safeParse(readJson(text), { error: inputText })
  const issues = parsed.success ? impossibleOn(parsed.data, date) : parsed.error.issues
  if (parsed.success && issues.length === 0) return parsed.data
  const lines = issues.map(({ path, message }) => `  ${z.core.toDotPath(path) || '（整个文件）'}：${message}`)
  throw new Refused(`事实文件有 ${issues.length} 处错误：\n${lines.join('\n')}`)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refused(`事实文件不是合法的 JSON：${error instanceof Error ? error.message : String(error)}`)
  }
}

const asJson = (assessment: LoanAssessment, policy: PolicySnapshot) => ({
  outcome: assessment.outcome,
  amount: yuanText(assessment.amountFen),
  months: assessment.months,
  rate: assessment.ratePercent,
  homeOrder: assessment.homeOrder,
  ceilings: assessment.ceilings.map(({ code, limitFen, binding, article, standing }) => ({
    code,
    limit: yuanText(limitFen),
    binding,
    article,
    standing,
  })),
  reasons: assessment.reasons.map(reasonJson),
  snapshot: snapshotId(policy),
})

const reasonJson = ({ code, article, figures, text }: Reason) => ({
  code,
  article,
  figures: Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [name, typeof figure === 'bigint' ? String(figure) : figure]),
  ),
  text,
})

const OUTCOMES = { approved: '准予', refused: '不准予', manual: '须人工核验' } as const

function asText(
  { outcome, amountFen, months, ratePercent, homeOrder, ceilings, reasons, notes }: LoanAssessment,
  policy: PolicySnapshot,
): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
  const said = ({ text, article, standing }: Reason): string => `${text}（${article}${standing === 'ASSUMED' ? '；假定' : ''}）`
  return [
    `结论：${OUTCOMES[outcome]}`,
    ...(outcome === 'refused' ? [] : [`可贷金额：${formatYuan(amountFen)} 元，期限：${months} 个月`]),
    ...(homeOrder ? [`住房套数：${HOME_ORDERS[homeOrder]}，年利率：${ratePercent}%（以放款日执行的利率为准）`] : []),
    ...section('理由：', reasons.map(said)),
    ...section(
      '额度上限：',
      ceilings.map(
        (one) =>
          `${one.binding ? '→' : ' '} ${one.label}：${formatYuan(one.limitFen)} 元（${one.article}${one.standing === 'ASSUMED' ? '；假定' : ''}）`,
      ),
    ),
    ...section('提示：', notes.map(said)),
    '',
    `政策快照：${snapshotId(policy)}（${SCOPES[policy.scope].label}，${policy.date}）`,
  ].join('\n')
}
