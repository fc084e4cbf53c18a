import { z } from 'zod'
import { plainDateText, type PlainDate } from './dates.ts'
import { REGISTERED_MARRIAGES } from './hand-answers.ts'
import {
  areaText,
  GUARANTEES,
  HOME_KINDS,
  HOME_USES,
  isUnbuilt,
  MARITAL_STATUSES,
  RECEIVING_ACCOUNTS,
  REPAYMENT_METHODS,
  RETIREMENT_CATEGORIES,
  wordOf,
} from './loan.ts'
import { caseFenText } from './money.ts'

/**
 * A fact that another house keeps. A source that could not be reached is not an empty answer: it is `UNAVAILABLE`, and the rules then
 * leave the question to a person. What that person finds out is known like any answer, with the paper it was read on as its `reference`.
 */
export type External<T> =
  | { readonly state: 'KNOWN'; readonly source: string; readonly value: T; readonly reference?: string | undefined }
  | { readonly state: 'UNAVAILABLE'; readonly source: string; readonly cause: string }

const source = z.string().trim().min(1, { error: '须写明数据来源' }).max(60).describe('数据来源')
const external = <S extends z.ZodType>(value: S, label: string) =>
  z
    .discriminatedUnion(
      'state',
      [
        z.strictObject({
          state: z.literal('KNOWN'),
          source,
          value: value.description === undefined ? value.describe(label) : value,
          reference: z.string().trim().min(4).max(100).optional().describe('人工核验所凭的材料；来源自行答复的不填'),
        }),
        z.strictObject({
          state: z.literal('UNAVAILABLE'),
          source,
          cause: z.string().trim().min(1, { error: '须写明无法取得的原因' }).max(200).describe('无法取得的原因'),
        }),
      ],
      { error: `${label}：须为 {state:"KNOWN",source,value} 或 {state:"UNAVAILABLE",source,cause}` },
    )
    .describe(`${label}（外部数据，可为 UNAVAILABLE）`)

/** Fifteen digits at most, so that the text always fits the money type. */
const amount = (label: string) =>
  z
    .string({ error: `${label}必填，须为整数分文本` })
    .regex(/^(0|[1-9]\d{0,14})$/, { error: `${label}须为不带小数点、符号和指数的整数分，至多15位半角数字`, abort: true })
    .pipe(caseFenText)
    .describe(`${label}，单位：分`)
const positiveAmount = (label: string) => amount(label).refine((value) => value > 0n, { error: `${label}须大于零` })
const count = (label: string, unit: string, max: number) =>
  z
    .number({ error: `${label}必填，须为0至${max}的整数` })
    .int({ error: `${label}须为整数` })
    .min(0, { error: `${label}不得为负` })
    .max(max, { error: `${label}不超过${max}` })
    .describe(`${label}，单位：${unit}，0至${max}`)
const flag = (label: string) => z.boolean({ error: `${label}必填，须为 true 或 false` }).describe(label)

export const CONTRIBUTION_STATUSES = { NORMAL: '正常缴存', SEALED: '封存', DEFERRED: '单位缓缴', NONE: '未建立账户' } as const

const contribution = z.strictObject({
  status: wordOf(CONTRIBUTION_STATUSES).describe('账户状态'),
  membership: wordOf({ EMPLOYEE: '单位职工', FLEXIBLE: '灵活就业' }).describe('缴存人类型'),
  place: wordOf({ LOCAL: '本中心', ELSEWHERE: '异地' }).describe('缴存地'),
  monthsContinuous: count('申请前连续足额缴存月数', '月', 720),
  baseFen: amount('缴存基数'),
  monthlyFen: amount('月缴存额（单位与个人合计）'),
  balanceFen: amount('账户余额'),
})

const credit = z.strictObject({
  overdueNowFen: amount('当前逾期金额'),
  overdueRunMonths: count('最长连续逾期期数', '期', 999),
  overdueTimes24Months: count('近24个月累计逾期次数', '次', 999),
  monthlyRepaymentFen: amount('报告载明的每月应还；高于申报的其他债务时以此为准').optional(),
})

const ban = z.strictObject({
  kind: wordOf({ WITHDRAWAL_FRAUD: '骗提', LOAN_FRAUD: '骗贷' }).describe('惩戒类型'),
  until: plainDateText.describe('限制期限届满日'),
  decisionNumber: z.string().trim().min(1).max(60).describe('决定文号'),
})

const person = z
  .strictObject({
    bornOn: plainDateText.describe('出生日期'),
    sex: wordOf({ MALE: '男', FEMALE: '女' }).describe('性别'),
    retirementCategory: wordOf(RETIREMENT_CATEGORIES).describe('退休年龄类别'),
    identity: external(z.strictObject({ matched: flag('身份信息是否一致'), alive: flag('是否在世') }), '身份核验'),
    contribution: external(contribution, '公积金缴存'),
    credit: external(credit, '征信报告'),
    dishonestDebtor: external(flag('是否失信被执行人'), '失信被执行人名单'),
    talentClass: external(z.number().int().min(1).max(5).nullable(), '高层次人才类别（1至5，不是则为 null）'),
    balanceCoefficientPercent: external(count('时间系数', '%', 999), '余额倍数的时间系数')
      .optional()
      .describe('缴存月数不足公布的最低一档时，人工核定的时间系数；没有核定的不填'),
    bans: z.array(ban).max(20).describe('本中心登记的骗提骗贷限制，没有则为空列表'),
    accountRestricted: flag('账户当前是否受限（不区分原因）'),
    monthlyIncomeFen: amount('申报月收入').describe('申报月收入，单位：分；有缴存账户的，高于缴存基数的部分不计'),
    otherMonthlyDebtFen: amount('其他债务每月应还'),
  })
  .refine(({ sex, retirementCategory }) => (sex === 'MALE') === (retirementCategory === 'MALE_60'), {
    error: '退休年龄类别与性别不符',
    path: ['retirementCategory'],
  })

const home = z
  .strictObject({
    kind: wordOf(HOME_KINDS).describe('住房类型'),
    use: wordOf(HOME_USES).describe('用途'),
    inPlace: flag('是否位于准予贷款的行政区域内'),
    contractPriceFen: positiveAmount('合同总价'),
    areaSquareMetres: areaText,
    builtYear: z
      .number()
      .int()
      .min(1950, { error: '建成年份不早于1950年' })
      .max(2100)
      .nullable()
      .describe('建成年份，1950至2100；新建住房可为 null'),
    filing: external(
      z
        .strictObject({
          priceFen: positiveAmount('备案总价'),
          valid: flag('备案是否有效'),
          buyersMatch: flag('备案买受人是否为借款人家庭'),
          homeMatches: flag('备案的不动产单元是否为所申请的住房；不填的不核对').optional(),
        })
        .nullable(),
      '网签备案（查无备案为 null）',
    ),
    seized: external(flag('是否存在查封'), '不动产查封情况'),
    otherMortgages: count('所购住房上他人的抵押登记；不填的不核对', '宗', 99).optional(),
    projectSuspended: flag('楼盘是否暂停受理或停工；二手住房为 false'),
    receivingAccount: wordOf(RECEIVING_ACCOUNTS).describe('收款账户类型'),
    downPaymentPaidFen: amount('已付首付款'),
    withdrawnFen: amount('已为本套住房提取的公积金'),
    otherOpenApplications: count('同一家庭或同一住房的其他在办贷款申请', '件', 99),
  })
  .refine(({ kind, builtYear }) => kind === 'NEW' || builtYear !== null, { error: '二手住房须有建成年份', path: ['builtYear'] })

/** A marriage as a register or a certificate has it, held against the form without a name. */
const registeredMarriage = z.strictObject({
  state: wordOf(REGISTERED_MARRIAGES).describe('登记的婚姻状况'),
  spouseDeclared: flag('登记的配偶是否为申报的配偶；未婚、离异、丧偶为 false'),
})
export type RegisteredMarriage = z.output<typeof registeredMarriage>

/**
 * Everything the loan rules look at, and nothing else: no names, no numbers of persons or accounts. Amounts are whole fen as text, the
 * same as in the API.
 */
export const loanFacts = z
  .strictObject({
    borrower: person.describe('借款人'),
    spouse: person.nullable().describe('配偶；未婚、离异、丧偶为 null'),
    coBorrowers: z.array(person).max(4, { error: '共同借款人至多4人' }).describe('其他共同借款人，没有则为空列表'),
    family: external(
      z.strictObject({
        maritalStatus: wordOf(MARITAL_STATUSES).describe('申报的婚姻状况'),
        minorChildren: count('未成年子女数', '人', 20),
        registered: registeredMarriage.optional().describe('婚姻登记机构的答复；不填的不与申报核对'),
        onPaper: registeredMarriage.optional().describe('人工核验凭证载明的婚姻；没有核验的不填'),
      }),
      '婚姻与子女',
    ),
    homesInPlace: external(
      count('登记机构查得的购房地住房套数（不含所购住房本身，新乡不含农村宅基地、集体土地住房）', '套', 99),
      '不动产登记住房查询',
    ),
    homesByHousingDepartment: external(
      count('住房保障部门查得的购房地住房套数', '套', 99).nullable(),
      '住房保障部门查询（不需查询为 null）',
    ),
    fundLoans: external(
      z
        .strictObject({ used: count('家庭全国范围内使用公积金贷款次数（不含本次）', '次', 99), outstanding: count('其中未结清', '笔', 99) })
        .refine(({ used, outstanding }) => outstanding <= used, { error: '未结清笔数不能多于使用次数', path: ['outstanding'] }),
      '全国公积金贷款记录',
    ),
    home: home.describe('所购住房'),
    mortgage: external(
      z
        .strictObject({
          effective: flag('抵押登记是否有效（未注销）'),
          homeMatches: flag('登记的不动产是否为所购住房'),
          holderMatches: flag('登记的抵押权人是否为本中心'),
          amountFen: positiveAmount('登记的担保金额'),
        })
        .nullable(),
      '抵押登记（查无登记为 null）',
    )
      .optional()
      .describe('抵押登记核验；放款前才有，审核时不填'),
    surety: external(
      z.strictObject({
        committed: flag('担保公司是否已为本合同出具保证承诺'),
        validUntil: plainDateText.nullable().describe('承诺届满日；未承诺的为 null'),
      }),
      '阶段性保证',
    )
      .optional()
      .describe('阶段性保证核验；放款前才有，没有担保公司的不填'),
    contractRatePercent: z
      .string({ error: '合同写明的年利率须为文本' })
      .regex(/^\d{1,2}\.\d{2,4}$/, { error: '合同写明的年利率须为两至四位小数的百分数，如 2.60' })
      .optional()
      .describe('已签合同写明的年利率（%）；放款前才有，合同约定随公积金利率执行的不填'),
    applied: z
      .strictObject({
        amountFen: positiveAmount('申请金额'),
        months: z
          .number({ error: '申请期限必填，须为整数' })
          .int({ error: '申请期限须为整数' })
          .min(1, { error: '申请期限至少1个月' })
          .max(360, { error: '申请期限至多360个月' })
          .describe('申请期限，单位：月，1至360'),
        method: wordOf(REPAYMENT_METHODS).describe('还款方式'),
        guarantee: wordOf(GUARANTEES).describe('担保方式'),
      })
      .describe('申请内容'),
  })
  .superRefine((facts, context) => {
    if (facts.family.state !== 'KNOWN') return
    const married = facts.family.value.maritalStatus === 'MARRIED'
    if (married !== (facts.spouse !== null)) {
      context.addIssue({ code: 'custom', path: ['spouse'], message: married ? '已婚的须有配偶的事实' : '未婚、离异、丧偶的不应有配偶' })
    }
  })
  .meta({ id: 'LoanFacts' })

export type LoanFacts = z.output<typeof loanFacts>
export type PersonFacts = LoanFacts['borrower']

/** What a fact cannot be on a given day: born later, built later. The schema knows no day, so whoever holds one asks this as well. */
export function impossibleOn(
  facts: LoanFacts,
  date: PlainDate,
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] {
  const persons = [
    { path: ['borrower'], person: facts.borrower },
    ...(facts.spouse ? [{ path: ['spouse'], person: facts.spouse }] : []),
    ...facts.coBorrowers.map((person, index) => ({ path: ['coBorrowers', index], person })),
  ]
  const unborn = persons
    .filter(({ person }) => person.bornOn > date)
    .map(({ path }) => ({ path: [...path, 'bornOn'], message: `出生日期晚于${date}` }))
  return isUnbuilt(facts.home, date) ? [...unborn, { path: ['home', 'builtYear'], message: `建成年份晚于${date}` }] : unborn
}
