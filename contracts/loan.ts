import { z } from 'zod'
import { bankCardText, checkIdNumber, idNumberText, mobileText, personName } from './identity.ts'
import { ageOn, type PlainDate } from './dates.ts'
import { caseFenText, positiveCaseFenText } from './money.ts'

/** Words of a loan, each with what people read. Shared by the application, the facts that rules look at, and the screens. */
export const MARITAL_STATUSES = { MARRIED: '已婚', SINGLE: '未婚', DIVORCED: '离异', WIDOWED: '丧偶' } as const
export const HOME_KINDS = { NEW: '新建商品住房', RESALE: '二手住房' } as const
/** By division code, as far as a centre here may lend on a home in it. */
export const HOME_PLACES = { '410700': '新乡市（不含长垣市）', '410783': '长垣市', OTHER: '其他地区' } as const
export const HOME_USES = { OWN_OCCUPIED: '自住', OTHER: '其他用途' } as const
export const RECEIVING_ACCOUNTS = { SUPERVISION: '预售资金监管账户', ESCROW: '二手房交易资金托管账户' } as const
/** Every loan is secured by a mortgage on the home; a guarantee company may stand for it besides (担保公司阶段性担保). */
export const GUARANTEES = { MORTGAGE: '抵押', SURETY: '抵押加阶段性保证' } as const
export const REPAYMENT_METHODS = { EQUAL_INSTALMENT: '等额本息', EQUAL_PRINCIPAL: '等额本金' } as const
export const RETIREMENT_CATEGORIES = {
  MALE_60: '男职工（原60周岁退休）',
  FEMALE_55: '女职工（原55周岁退休）',
  FEMALE_50: '女职工（原50周岁退休）',
} as const
export const HOME_ORDERS = { first: '首套', second: '第二套' } as const

/** A closed list of words as a schema that refuses everything else by naming what it takes. */
export const wordOf = <W extends string>(words: Readonly<Record<W, string>>): z.ZodEnum<{ [K in W]: K }> => {
  const codes = Object.keys(words) as W[]
  return z.enum(codes, { error: `须为以下之一：${codes.map((code) => `${code}（${words[code]}）`).join('、')}` })
}

const shortText = (label: string, lengthMax = 100): z.ZodString =>
  z
    .string({ error: `${label}必填` })
    .trim()
    .min(1, { error: `${label}必填` })
    .max(lengthMax, { error: `${label}不超过${lengthMax}个字` })
    .describe(label)

const accountNumberText = z.string().regex(/^\d{8,32}$/, { error: '账号须为8至32位半角数字' })

export const areaText = z
  .string()
  .regex(/^(?!0(\.0{1,2})?$)(0|[1-9]\d{0,4})(\.\d{1,2})?$/, { error: '面积须为大于零、至多两位小数的十进制文本，单位：平方米' })
  .describe('建筑面积，平方米，十进制文本')

/** Only a contributor needs a retirement category; a child has neither income nor telephone. */
const applicantPerson = z.strictObject({
  name: personName,
  idNumber: idNumberText,
  mobile: mobileText,
  employer: shortText('工作单位'),
  retirementCategory: wordOf(RETIREMENT_CATEGORIES).describe('退休年龄类别'),
  talentClass: z.number().int().min(1).max(5).nullable().default(null).describe('高层次人才类别，1至5；不是则为空'),
  monthlyIncomeFen: caseFenText.describe('月收入，分'),
  otherMonthlyDebtFen: caseFenText.describe('其他债务每月应还，分'),
})

const applicantHome = z.strictObject({
  kind: wordOf(HOME_KINDS).describe('住房类型'),
  use: wordOf(HOME_USES).default('OWN_OCCUPIED').describe('用途'),
  filingNumber: z
    .string()
    .regex(/^[0-9A-Za-z-]{4,40}$/, { error: '备案号须为4至40位字母、数字或连字符' })
    .describe('购房合同网签备案号'),
  homeNumber: z
    .string()
    .regex(/^[0-9A-Z-]{6,40}$/, { error: '不动产单元号格式不符' })
    .describe('不动产单元号'),
  place: wordOf(HOME_PLACES).nullable().default(null).describe('所在行政区；受理时必填'),
  address: shortText('坐落', 200),
  contractPriceFen: positiveCaseFenText.describe('合同总价，分'),
  areaSquareMetres: areaText,
  builtYear: z
    .number()
    .int()
    .min(1950, { error: '建成年份不早于1950年' })
    .max(2100, { error: '建成年份有误' })
    .nullable()
    .describe('建成年份；新建住房可空'),
  sellerName: shortText('卖方名称'),
  receivingAccount: z
    .strictObject({
      kind: wordOf(RECEIVING_ACCOUNTS).describe('账户类型'),
      bankName: shortText('开户银行'),
      accountNumber: accountNumberText.describe('账号'),
      ownerName: shortText('户名'),
    })
    .describe('收款账户'),
})

/** What a counter asks for (住房公积金个人住房贷款申请). Everything else is fetched, never asked again. */
export const loanApplication = z
  .strictObject({
    maritalStatus: wordOf(MARITAL_STATUSES).describe('婚姻状况'),
    borrower: applicantPerson.describe('借款人'),
    spouse: applicantPerson.nullable().describe('配偶；已婚必填'),
    children: z
      .array(z.strictObject({ name: personName, idNumber: idNumberText }))
      .max(20)
      .default([])
      .describe('未成年子女'),
    coBorrowers: z.array(applicantPerson).max(4).default([]).describe('其他共同借款人'),
    home: applicantHome.describe('所购住房'),
    downPaymentPaidFen: caseFenText.describe('已付首付款，分'),
    withdrawnForHomeFen: caseFenText.default(() => caseFenText.parse('0')).describe('已为本套住房提取的公积金，分'),
    entrustedBankId: shortText('受委托银行', 64),
    guarantee: z
      .strictObject({
        kind: wordOf(GUARANTEES).describe('担保方式'),
        institutionId: shortText('担保机构', 64).nullable().describe('担保机构；有阶段性保证的必填'),
      })
      .describe('担保'),
    amountFen: positiveCaseFenText.describe('申请金额，分'),
    months: z.number().int().min(1, { error: '期限至少1个月' }).max(360, { error: '期限至多360个月' }).describe('申请期限，月'),
    method: wordOf(REPAYMENT_METHODS).describe('还款方式'),
    repaymentDay: z.number().int().min(1).max(28, { error: '还款日为1日至28日' }).default(15).describe('每月还款日'),
    repaymentCard: z.strictObject({ bankName: shortText('开户银行'), number: bankCardText, ownerName: personName }).describe('还款卡'),
  })
  .superRefine((application, context) => {
    for (const { path, message } of contradictionsIn(application)) context.addIssue({ code: 'custom', path: [...path], message })
  })
  .meta({ id: 'LoanApplication' })
export type LoanApplication = z.output<typeof loanApplication>

export interface Contradiction {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What cannot be true at once, whatever the sources say. */
function contradictionsIn(application: z.output<typeof loanApplication>): Contradiction[] {
  const { borrower, spouse, children, coBorrowers, home, guarantee, repaymentCard, maritalStatus } = application
  const found: Contradiction[] = []
  const unless = (holds: boolean, path: Contradiction['path'], message: string): void => {
    if (!holds) found.push({ path, message })
  }
  unless(
    (maritalStatus === 'MARRIED') === (spouse !== null),
    ['spouse'],
    maritalStatus === 'MARRIED' ? '已婚的须填写配偶' : '未婚、离异、丧偶的不应填写配偶',
  )
  const idNumbers = [borrower, ...(spouse ? [spouse] : []), ...children, ...coBorrowers].map((person) => person.idNumber)
  unless(new Set(idNumbers).size === idNumbers.length, ['borrower', 'idNumber'], '同一身份证号码出现了两次')
  const owners = [borrower, ...(spouse ? [spouse] : []), ...coBorrowers].map((person) => person.name)
  unless(owners.includes(repaymentCard.ownerName), ['repaymentCard', 'ownerName'], '还款卡须为借款人、配偶或共同借款人所有')
  unless(home.kind === 'NEW' || home.builtYear !== null, ['home', 'builtYear'], '二手住房须填写建成年份')
  unless(guarantee.kind !== 'SURETY' || guarantee.institutionId !== null, ['guarantee', 'institutionId'], '有阶段性保证的须填写担保机构')
  unless(guarantee.kind !== 'MORTGAGE' || guarantee.institutionId === null, ['guarantee', 'institutionId'], '没有阶段性保证的不填担保机构')
  return found
}

/** What a resale home's year of building cannot be on a given day: it is not built yet. The same for a form and for a file of facts. */
export const isUnbuilt = (home: { readonly kind: string; readonly builtYear: number | null }, on: PlainDate): boolean =>
  home.kind === 'RESALE' && (home.builtYear ?? 0) > Number(on.slice(0, 4))

const ADULT_YEARS = 18

/** 未成年: not yet eighteen on a day, nor unborn. */
export const isMinor = (born: PlainDate, on: PlainDate): boolean => born <= on && ageOn(born, on) < ADULT_YEARS

/** What a form cannot say on the day it is handed in. The schema knows no day, and an older form was never asked for the place. */
export function flawsOn({ home, borrower, spouse, children, coBorrowers }: LoanApplication, today: PlainDate): readonly Contradiction[] {
  const persons: [path: (string | number)[], idNumber: string][] = [
    [['borrower'], borrower.idNumber],
    ...(spouse ? [[['spouse'], spouse.idNumber] satisfies [string[], string]] : []),
    ...coBorrowers.map((one, index): [(string | number)[], string] => [['coBorrowers', index], one.idNumber]),
    ...children.map((one, index): [(string | number)[], string] => [['children', index], one.idNumber]),
  ]
  return [
    ...persons.flatMap(([path, idNumber]) => {
      const checked = checkIdNumber(idNumber, today)
      const of = [...path, 'idNumber']
      if (!checked.ok) return [{ path: of, message: checked.text }]
      return path[0] === 'children' && !isMinor(checked.bornOn, today) ? [{ path: of, message: '已满18周岁，不是未成年子女' }] : []
    }),
    ...(isUnbuilt(home, today) ? [{ path: ['home', 'builtYear'], message: `建成年份晚于${today}` }] : []),
    ...(home.place === null ? [{ path: ['home', 'place'], message: '请选择住房所在行政区' }] : []),
  ]
}
