import { z } from 'zod'
import { parsePlainDate, type PlainDate } from '#contracts/dates.ts'
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
import { parseInputFile, readInputFile } from '../input-file.ts'

export const summary = '贷款测算：按某中心某日的政策审核一份事实，给出结论、额度和全部理由'

const FACTS = '事实文件'

const USAGE = `用法：npm run -s anju -- assess --entity <中心> --date <日期> --facts <文件> [--json]
      npm run -s anju -- assess --example        打印一份完整的事实文件

  --entity   ${ENTITIES.map((entity) => `${entity}（${SCOPES[entity].label}）`).join('、')}
  --date     受理日期 YYYY-MM-DD，决定适用的政策
  --facts    事实文件，UTF-8 编码的 JSON
  --json     只输出一个 JSON 对象：金额为两位小数的元；figures 中以 Fen 结尾的为整数分文本；
             reasons 为影响结论的全部理由，notes 为不影响结论的提示（价格不一致、额度或期限受限等），二者形状相同

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
    const facts = readFacts(await readInputFile(required(options, 'facts'), FACTS), policy.date)
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

/** Every missing or impossible fact at once, each with its place in the file. */
const readFacts = (text: string, date: PlainDate): LoanFacts => parseInputFile(text, FACTS, loanFacts, (facts) => impossibleOn(facts, date))

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
  notes: assessment.notes.map(reasonJson),
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
