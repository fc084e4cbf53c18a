import type { LoanRule } from './rule.ts'
import { reason } from '../reason-codes.ts'

/** 联网核验. A source that could not be reached leaves its question open: never an empty answer, never a refusal, always a person. */
export const everySourceAnswered: LoanRule = (facts) => unanswered(facts, '').map((gap) => reason('SOURCE_UNAVAILABLE', gap))

/** What each part of the facts is called by people. */
const WORDS: Readonly<Record<string, string>> = {
  borrower: '借款人',
  spouse: '配偶',
  coBorrowers: '共同借款人',
  identity: '身份核验',
  contribution: '公积金缴存',
  credit: '征信报告',
  dishonestDebtor: '失信被执行人名单',
  talentClass: '高层次人才类别',
  balanceCoefficientPercent: '余额倍数的时间系数',
  family: '婚姻与子女',
  homesInPlace: '购房地住房套数',
  homesByHousingDepartment: '住房保障部门查得的住房套数',
  fundLoans: '全国公积金贷款记录',
  home: '所购住房',
  filing: '网签备案',
  seized: '查封情况',
  mortgage: '抵押登记',
  surety: '阶段性保证',
}

interface Gap {
  readonly what: string
  readonly source: string
  readonly cause: string
}

/** Walks the facts themselves, so that a fact added tomorrow cannot be forgotten here. */
function unanswered(value: unknown, path: string): readonly Gap[] {
  if (typeof value !== 'object' || value === null) return []
  if (isUnavailable(value)) return [{ what: path, source: value.source, cause: value.cause }]
  return Object.entries(value).flatMap(([key, inner]) => unanswered(inner, path + (WORDS[key] ?? ordinal(key))))
}

/** A place in a list counts from one; a part without a word of its own keeps its name, so that nothing is left out. */
const ordinal = (key: string): string => (/^\d+$/.test(key) ? String(Number(key) + 1) : key)

const isUnavailable = (value: object): value is { state: 'UNAVAILABLE'; source: string; cause: string } =>
  'state' in value && value.state === 'UNAVAILABLE'
