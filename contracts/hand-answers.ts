import { z } from 'zod'

/**
 * What an officer reads on paper where a source did not answer (人工核验): the same facts that the source would have told, each with the paper
 * it was read on. Amounts are whole fen as text, so that an answer is stored as it was sent.
 */

/** What the register of marriages can say of a person. `NO_RECORD` is its word that nothing is registered. */
export const REGISTERED_MARRIAGES = { MARRIED: '已婚', DIVORCED: '离异', WIDOWED: '丧偶', NO_RECORD: '无婚姻登记' } as const

/** Of whom a question about one person is asked. */
export const HAND_PERSONS = {
  BORROWER: '借款人',
  SPOUSE: '配偶',
  CO_BORROWER_1: '共同借款人1',
  CO_BORROWER_2: '共同借款人2',
  CO_BORROWER_3: '共同借款人3',
  CO_BORROWER_4: '共同借款人4',
} as const
export type HandPerson = keyof typeof HAND_PERSONS

const words = <W extends string>(of: Readonly<Record<W, string>>, label: string) =>
  z.enum(Object.keys(of) as [W, ...W[]], { error: `${label}须为以下之一：${Object.values(of).join('、')}` })
const count = (label: string, max: number) =>
  z
    .number({ error: `${label}必填` })
    .int({ error: `${label}须为整数` })
    .min(0, { error: `${label}不得为负` })
    .max(max, { error: `${label}不超过${max}` })
    .describe(label)
const fenAmount = (label: string) =>
  z
    .string({ error: `${label}必填` })
    .regex(/^(0|[1-9]\d{0,14})$/, { error: `${label}须为整数分` })
    .describe(`${label}，分`)
const flag = (label: string) => z.boolean({ error: `${label}必填` }).describe(label)

const reference = z
  .string({ error: '核验依据必填' })
  .trim()
  .min(4, { error: '核验依据须写明材料名称和编号' })
  .max(100, { error: '核验依据不超过100个字' })
  .describe('核验依据：材料名称和编号')
export const handPerson = words(HAND_PERSONS, '人员')
const person = handPerson

const ANSWERS = [
  z.strictObject({
    question: z.literal('FAMILY'),
    marriage: words(REGISTERED_MARRIAGES, '婚姻状况'),
    spouseDeclared: flag('凭证上的配偶是否为申报的配偶'),
    minorChildren: count('未成年子女数', 20),
    reference,
  }),
  z.strictObject({ question: z.literal('HOMES'), homes: count('购房地住房套数（不含所购住房）', 99), reference }),
  z.strictObject({ question: z.literal('HOUSING_DEPARTMENT'), homes: count('住房保障部门登记的住房套数（不含所购住房）', 99), reference }),
  z
    .strictObject({
      question: z.literal('FUND_LOANS'),
      used: count('已使用公积金贷款次数', 99),
      outstanding: count('其中未结清', 99),
      reference,
    })
    .refine(({ used, outstanding }) => outstanding <= used, { error: '未结清笔数不能多于使用次数', path: ['outstanding'] }),
  z.strictObject({
    question: z.literal('FILING'),
    priceFen: fenAmount('备案总价').refine((text) => text !== '0', { error: '备案总价须大于零' }),
    valid: flag('备案是否有效'),
    homeMatches: flag('备案的不动产单元是否为所申请的住房'),
    buyersMatch: flag('备案买受人是否为借款人家庭'),
    projectSuspended: flag('楼盘是否暂停受理或停工'),
    reference,
  }),
  z.strictObject({
    question: z.literal('SEIZURE'),
    seized: flag('是否存在查封'),
    otherMortgages: count('所购住房上他人的抵押登记', 99),
    reference,
  }),
  z.strictObject({
    question: z.literal('IDENTITY'),
    person,
    matched: flag('姓名与证件号是否一致'),
    alive: flag('是否在世'),
    reference,
  }),
  z.strictObject({
    question: z.literal('CREDIT'),
    person,
    overdueNowFen: fenAmount('当前逾期金额'),
    overdueRunMonths: count('最长连续逾期期数', 999),
    overdueTimes24Months: count('近24个月累计逾期次数', 999),
    monthlyRepaymentFen: fenAmount('报告载明的每月应还'),
    reference,
  }),
  z.strictObject({ question: z.literal('COEFFICIENT'), person, percent: count('核定的时间系数，百分数', 999), reference }),
  z.strictObject({ question: z.literal('DISHONESTY'), person, listed: flag('是否列入失信被执行人名单'), reference }),
  z.strictObject({
    question: z.literal('MORTGAGE'),
    effective: flag('抵押登记是否有效'),
    homeMatches: flag('登记的不动产是否为所购住房'),
    holderMatches: flag('抵押权人是否为本中心'),
    amountFen: fenAmount('登记的担保金额').refine((text) => text !== '0', { error: '担保金额须大于零' }),
    reference,
  }),
] as const

export const handAnswer = z.discriminatedUnion('question', ANSWERS, { error: '不是人工核验的问题' }).meta({ id: 'HandAnswer' })
export type HandAnswer = z.output<typeof handAnswer>
export type HandQuestion = HandAnswer['question']
export const handQuestion = z.enum(ANSWERS.map((one) => one.shape.question.value))

/** Names a question within a case: what is asked, and of whom. */
export const handKey = ({ question, person: of }: { question: HandQuestion; person?: HandPerson | null | undefined }): string =>
  of ? `${question}/${of}` : question

/** The same question for two answers is no answer. */
export const handAnswers = z
  .array(handAnswer)
  .max(40)
  .refine((answers) => new Set(answers.map((one) => handKey(keyOf(one)))).size === answers.length, { error: '同一问题登记了两次' })

/** Which question an answer answers, and of whom; null where it is of nobody in particular. */
export const keyOf = (answer: HandAnswer): { question: HandQuestion; person: HandPerson | null } => ({
  question: answer.question,
  person: 'person' in answer ? answer.person : null,
})
