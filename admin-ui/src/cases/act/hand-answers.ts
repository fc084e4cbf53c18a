import { handAnswer, handKey, REGISTERED_MARRIAGES, type HandAnswer, type HandQuestion } from '#contracts/hand-answers.ts'
import { parseAmount } from '../../common/figures.ts'
import type { CaseView } from '../case-text.ts'

export type Question = CaseView['questions'][number]

/** What has been typed of one answer, as typed; absent while a question that was answered before is left as it is. */
export type TypedAnswer = Readonly<Record<string, string>>

export type HandField =
  | { readonly name: string; readonly label: string; readonly type: 'count'; readonly unit: string }
  | { readonly name: string; readonly label: string; readonly type: 'yuan' }
  | { readonly name: string; readonly label: string; readonly type: 'choice'; readonly words: Readonly<Record<string, string>> }

const count = (name: string, label: string, unit: string): HandField => ({ name, label, type: 'count', unit })
const yuan = (name: string, label: string): HandField => ({ name, label, type: 'yuan' })
const yesNo = (name: string, label: string, yes: string, no: string): HandField => ({
  name,
  label,
  type: 'choice',
  words: { true: yes, false: no },
})

/** What the paper is read for, in the order in which it stands there. */
const FIELDS: Readonly<Record<HandQuestion, readonly HandField[]>> = {
  FAMILY: [
    { name: 'marriage', label: '凭证载明的婚姻状况', type: 'choice', words: REGISTERED_MARRIAGES },
    yesNo('spouseDeclared', '凭证上的配偶', '即申报的配偶', '不是申报的配偶'),
    count('minorChildren', '未成年子女', '名'),
  ],
  HOMES: [count('homes', '购房地住房（不含所购住房）', '套')],
  HOUSING_DEPARTMENT: [count('homes', '住房保障部门登记的住房（不含所购住房）', '套')],
  FUND_LOANS: [count('used', '全国范围已使用公积金贷款', '次'), count('outstanding', '其中未结清', '笔')],
  FILING: [
    yuan('priceFen', '备案总价（元）'),
    yesNo('valid', '备案', '有效', '已注销或失效'),
    yesNo('homeMatches', '备案的不动产单元', '即所申请的住房', '不是所申请的住房'),
    yesNo('buyersMatch', '备案买受人', '为借款人家庭', '不是借款人家庭'),
    yesNo('projectSuspended', '楼盘', '已暂停受理或停工', '正常'),
  ],
  SEIZURE: [yesNo('seized', '所购住房', '存在查封', '无查封'), count('otherMortgages', '他人的抵押登记', '宗')],
  IDENTITY: [yesNo('matched', '姓名与证件号', '一致', '不一致'), yesNo('alive', '生存状况', '在世', '已死亡')],
  CREDIT: [
    yuan('overdueNowFen', '当前逾期金额（元）'),
    count('overdueRunMonths', '最长连续逾期', '期'),
    count('overdueTimes24Months', '近24个月累计逾期', '次'),
    yuan('monthlyRepaymentFen', '报告载明的每月应还（元）'),
  ],
  COEFFICIENT: [count('percent', '核定的时间系数', '%')],
  DISHONESTY: [yesNo('listed', '失信被执行人名单', '已列入', '未列入')],
  MORTGAGE: [
    yesNo('effective', '抵押登记', '有效', '已注销'),
    yesNo('homeMatches', '登记的不动产', '为所购住房', '不是所购住房'),
    yesNo('holderMatches', '抵押权人', '为本中心', '不是本中心'),
    yuan('amountFen', '登记的担保金额（元）'),
  ],
}

/** Which paper it may be read on. */
export const PAPERS: Readonly<Record<HandQuestion, string>> = {
  FAMILY: '如：结婚证、离婚证编号，户口簿户号',
  HOMES: '如：不动产登记资料查询结果编号、日期',
  HOUSING_DEPARTMENT: '如：住房保障部门证明文号',
  FUND_LOANS: '如：异地贷款缴存使用证明编号',
  FILING: '如：商品房买卖合同备案证明编号',
  SEIZURE: '如：不动产登记资料查询结果编号、日期',
  IDENTITY: '如：居民身份证、户籍证明编号',
  CREDIT: '如：个人信用报告（打印件）报告编号',
  COEFFICIENT: '如：管理委员会决定或者余额计算办法的文号',
  DISHONESTY: '如：中国执行信息公开网查询页及日期',
  MORTGAGE: '如：不动产登记证明号、窗口查询日期',
}

/** The fields of a question, as far as what has been typed asks for them: only a marriage has a spouse. */
export const fieldsOf = (question: HandQuestion, typed: TypedAnswer): readonly HandField[] =>
  FIELDS[question].filter(({ name }) => name !== 'spouseDeclared' || typed['marriage'] === 'MARRIED')

/** What is typed, as the contract has it; or the field that is not yet right, in words. */
export function answerOf(
  { question, person }: Question,
  typed: TypedAnswer,
): { answer: HandAnswer } | { wrong: ReadonlyMap<string, string> } {
  const values = FIELDS[question].map((field) => [field.name, valueOf(field, typed[field.name]?.trim() ?? '')] as const)
  const alone = question === 'FAMILY' && typed['marriage'] !== 'MARRIED' ? { spouseDeclared: false } : {}
  const parsed = handAnswer.safeParse({
    question,
    ...(person ? { person } : {}),
    ...Object.fromEntries(values.filter(([, value]) => value !== undefined)),
    ...alone,
    reference: typed['reference']?.trim() || undefined,
  })
  if (parsed.success) return { answer: parsed.data }
  return { wrong: new Map(parsed.error.issues.map(({ path, message }) => [String(path[0] ?? ''), message])) }
}

function valueOf(field: HandField, text: string): unknown {
  if (text === '') return undefined
  switch (field.type) {
    case 'count':
      return /^\d{1,3}$/.test(text) ? Number(text) : undefined
    case 'yuan':
      return parseAmount(text)?.toString()
    case 'choice':
      return text === 'true' ? true : text === 'false' ? false : text
  }
}

/** Whether the officer answers this question now: it is open, or they have set out to answer it again. */
export const isAnswering = (question: Question, typed: Readonly<Record<string, TypedAnswer>>): boolean =>
  question.answeredBy === null || typed[handKey(question)] !== undefined

/** The answers that travel, and the questions that are not answered yet. */
export function typedAnswers(
  questions: readonly Question[],
  typed: Readonly<Record<string, TypedAnswer>>,
): { answers: HandAnswer[]; lacking: string[] } {
  const tried = questions
    .filter((question) => isAnswering(question, typed))
    .map((question) => ({ what: question.what, result: answerOf(question, typed[handKey(question)] ?? {}) }))
  return {
    answers: tried.flatMap(({ result }) => ('answer' in result ? [result.answer] : [])),
    lacking: tried.flatMap(({ what, result }) => ('answer' in result ? [] : [`${what}的核验结果`])),
  }
}
