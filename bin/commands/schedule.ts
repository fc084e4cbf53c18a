import { fen, formatYuan, parseYuan, yuanText, type Fen } from '#contracts/money.ts'
import { REPAYMENT_METHODS } from '#contracts/loan.ts'
import { repaymentSchedule, totalAmount, totalInterest, type Instalment, type ScheduleTerms } from '#rules/repayment/schedule.ts'
import { answering, readOptions, Refused, required } from '../command-line.ts'

export const summary = '还款计划：按本金、年利率、期限和还款方式逐期计算'

const METHODS = { 'equal-instalment': 'EQUAL_INSTALMENT', 'equal-principal': 'EQUAL_PRINCIPAL' } as const
const MONTHS_MAX = 360
/** With the interest of the highest rate and the longest term the whole still is an amount of money. */
const PRINCIPAL_FEN_MAX = fen(10n ** 14n)
/** Far above any rate a housing loan may have; a slip of the decimal point should not pass. */
const RATE_PERCENT_MAX = 24

const HELP = `用法：npm run -s anju -- schedule --principal <元> --rate <年利率%> --months <月> --method <方式> [--json]

  --principal  本金，元，至多两位小数，大于零，不超过一万亿，例如 1000000.00
  --rate       年利率，百分数，至多四位小数，0 至 ${RATE_PERCENT_MAX}，例如 2.6
  --months     期限，月，1 至 ${MONTHS_MAX} 的整数
  --method     equal-instalment（等额本息）或 equal-principal（等额本金）
  --json       只输出一个 JSON 对象，金额为两位小数的元

按整月计息：每期利息四舍五入到分，末期收尾。`

/** `anju schedule`: a repayment plan in full months. Refused input ends with 1 and says which option is wrong and why. */
export const run = (args: string[]): Promise<number> =>
  answering(() => {
    const options = readOptions(args, ['principal', 'rate', 'months', 'method'], ['json', 'help'])
    if (options.flags.help) return void process.stdout.write(`${HELP}\n`)
    const terms = readTerms({
      principal: required(options, 'principal'),
      rate: required(options, 'rate'),
      months: required(options, 'months'),
      method: required(options, 'method'),
    })
    const plan = repaymentSchedule(terms)
    process.stdout.write(`${options.flags.json ? JSON.stringify(asJson(plan)) : asTable(terms, plan)}\n`)
  })

function readTerms(given: { principal: string; rate: string; months: string; method: string }): ScheduleTerms {
  const principalFen = parseYuan(given.principal)
  if (principalFen === undefined)
    throw new Refused(`本金 ${given.principal} 有误：须为半角数字、至多两位小数、整数部分至多13位的元，不用指数和千分符`)
  if (principalFen > PRINCIPAL_FEN_MAX) throw new Refused(`本金 ${given.principal} 有误：不超过 ${formatYuan(PRINCIPAL_FEN_MAX)} 元`)
  if (principalFen <= 0n) throw new Refused(`本金 ${given.principal} 有误：须大于零`)
  if (!/^(0|[1-9]\d?)(\.\d{1,4})?$/.test(given.rate) || Number(given.rate) > RATE_PERCENT_MAX) {
    throw new Refused(`年利率 ${given.rate} 有误：须为 0 至 ${RATE_PERCENT_MAX} 的百分数，半角数字，至多四位小数`)
  }
  if (!/^[1-9]\d{0,2}$/.test(given.months) || Number(given.months) > MONTHS_MAX) {
    throw new Refused(`期限 ${given.months} 有误：须为 1 至 ${MONTHS_MAX} 的整数，半角数字`)
  }
  const method = Object.hasOwn(METHODS, given.method) ? METHODS[given.method as keyof typeof METHODS] : undefined
  if (method === undefined) throw new Refused(`还款方式 ${given.method} 有误：须为 ${Object.keys(METHODS).join(' 或 ')}`)
  return { principalFen, ratePercent: given.rate, months: Number(given.months), method }
}

const asJson = (plan: readonly Instalment[]) => ({
  instalments: plan.map(({ no, amountFen, principalFen, interestFen, closingFen }) => ({
    no,
    amount: yuanText(amountFen),
    principal: yuanText(principalFen),
    interest: yuanText(interestFen),
    closing: yuanText(closingFen),
  })),
  totals: { interest: yuanText(totalInterest(plan)), amount: yuanText(totalAmount(plan)) },
})

function asTable({ principalFen, ratePercent, months, method }: ScheduleTerms, plan: readonly Instalment[]): string {
  const column = (amount: Fen): string => formatYuan(amount).padStart(20)
  return [
    `本金 ${formatYuan(principalFen)} 元，年利率 ${ratePercent}%，${months} 个月，${REPAYMENT_METHODS[method]}`,
    '',
    `期次${['应还金额', '其中本金', '其中利息', '剩余本金'].map((title) => title.padStart(16)).join('')}`,
    ...plan.map(
      (one) => `${String(one.no).padStart(4)}${[one.amountFen, one.principalFen, one.interestFen, one.closingFen].map(column).join('')}`,
    ),
    '',
    `利息合计 ${formatYuan(totalInterest(plan))} 元，还款合计 ${formatYuan(totalAmount(plan))} 元`,
  ].join('\n')
}
