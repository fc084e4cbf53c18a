import { fenText, percentText, type Fen } from '#contracts/money.ts'
import { plainMonthText, type PlainMonth } from '#contracts/dates.ts'
import { POSTS, type Post } from '#contracts/posts.ts'

/** What a row carries: plain JSON, so that a file and a jsonb column hold the same thing. Null abolishes the parameter from its date on. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Reads a row's value; undefined when it is not of this type. */
export interface ValueType<T> {
  readonly name: string
  readonly read: (value: Json) => T | undefined
}

/** Whole fen, as decimal text without sign, point or exponent; zero is allowed. */
export const money: ValueType<Fen> = { name: '金额（分）', read: (value) => fenText.safeParse(value).data }
/** Per cent as decimal text, such as `2.6`; never a float. */
export const percent: ValueType<string> = { name: '百分数', read: (value) => percentText.safeParse(value).data }
/** A whole number from zero on: of months, days, homes. */
export const count: ValueType<number> = { name: '整数', read: (value) => (isCount(value) ? value : undefined) }

/** Words that a paper prints as they are. */
export const wording: ValueType<string> = {
  name: '文字',
  read: (value) => (typeof value === 'string' && value.trim() !== '' && value.length <= 200 ? value : undefined),
}

/** One of a few words, each a way of counting or computing that the rules know. */
export const oneOf = <W extends string>(...words: readonly W[]): ValueType<W> => ({
  name: words.join('｜'),
  read: (value) => words.find((word) => word === value),
})

/** A list of codes, in the order in which they were adopted. */
export const words: ValueType<readonly string[]> = {
  name: '代码列表',
  read: (value) => {
    const codes = list(value)
    return codes?.every((code) => typeof code === 'string') ? codes : undefined
  },
}

/** Statutory retirement: the age before the reform, and how it slides with the month of birth (渐进式延迟退休). */
export interface RetirementLadder {
  readonly ageMonths: number
  /** Null while no reform is in force. */
  readonly slide: { readonly bornFrom: PlainMonth; readonly monthsPerStep: number; readonly ageMonthsMax: number } | null
}
export type RetirementCategory = 'MALE_60' | 'FEMALE_55' | 'FEMALE_50'
export type RetirementAges = Readonly<Record<RetirementCategory, RetirementLadder>>

/** Retirement ages in months by category. All three, or it is no table. */
export const retirementAges: ValueType<RetirementAges> = {
  name: '退休年龄表',
  read: (value) => {
    const [male, female55, female50] = ['MALE_60', 'FEMALE_55', 'FEMALE_50'].map((category) => readLadder(field(value, category)))
    return male && female55 && female50 ? { MALE_60: male, FEMALE_55: female55, FEMALE_50: female50 } : undefined
  },
}

/** High-level talents (高层次人才): the maximum per family by class, and whether the contribution period is waived. */
export interface TalentTerms {
  readonly maxima: readonly { readonly classFrom: number; readonly classTo: number; readonly maxFen: Fen }[]
  readonly contributionPeriodWaived: boolean
}

/** Terms for talents; maxima in fen per family. */
export const talentTerms: ValueType<TalentTerms> = {
  name: '人才贷款条件',
  read: (value) => {
    const maxima = list(field(value, 'maxima'))?.map((tier) => {
      const [classFrom, classTo, maxFen] = [field(tier, 'classFrom'), field(tier, 'classTo'), money.read(field(tier, 'maxFen') ?? null)]
      return isCount(classFrom) && isCount(classTo) && maxFen !== undefined ? { classFrom, classTo, maxFen } : undefined
    })
    const waived = field(value, 'contributionPeriodWaived')
    return maxima?.every((tier) => tier !== undefined) && typeof waived === 'boolean'
      ? { maxima, contributionPeriodWaived: waived }
      : undefined
  },
}

/** How the account balance limits the loan (余额倍数); `NONE` where a city does not link them. */
export type BalanceFormula =
  | { readonly kind: 'NONE' }
  | {
      readonly kind: 'MULTIPLE'
      readonly multiple: number
      /** Coefficient in percent from so many months of contribution on, rising; below the first step nothing is published. */
      readonly coefficients: readonly { readonly monthsMin: number; readonly percent: number }[]
    }

/** How the balance limits the loan; an explicit `NONE` where it does not, so that silence is never taken for it. */
export const balanceFormula: ValueType<BalanceFormula> = {
  name: '余额计算公式',
  read: (value) => {
    if (field(value, 'kind') === 'NONE') return { kind: 'NONE' }
    const [multiple, steps] = [field(value, 'multiple'), list(field(value, 'coefficients'))]
    const coefficients = steps?.map((step) => {
      const [monthsMin, share] = [field(step, 'monthsMin'), field(step, 'percent')]
      return isCount(monthsMin) && isCount(share) ? { monthsMin, percent: share } : undefined
    })
    if (field(value, 'kind') !== 'MULTIPLE' || !isCount(multiple) || !coefficients?.every((step) => step !== undefined)) return undefined
    return { kind: 'MULTIPLE', multiple, coefficients }
  },
}

/** Who approves up to which amount, rising; the last level has no limit. */
export type ApproverLevels = readonly { readonly post: Post; readonly amountFenMax: Fen | null }[]

/** Approval limits in fen. A table whose last level has a limit leaves an amount to nobody, and is none. */
export const approverLevels: ValueType<ApproverLevels> = {
  name: '审批权限表',
  read: (value) => {
    const levels = list(value)?.map((level) => {
      const [post, limit] = [field(level, 'post'), field(level, 'amountFenMax')]
      const amountFenMax = limit === null ? null : money.read(limit ?? '')
      return isPost(post) && amountFenMax !== undefined ? { post, amountFenMax } : undefined
    })
    return levels?.every((level) => level !== undefined) && levels.at(-1)?.amountFenMax === null ? levels : undefined
  },
}

function readLadder(value: Json | undefined): RetirementLadder | undefined {
  const [ageMonths, slide] = [field(value, 'ageMonths'), field(value, 'slide')]
  if (!isCount(ageMonths)) return undefined
  if (slide === null) return { ageMonths, slide: null }
  const bornFrom = plainMonthText.safeParse(field(slide, 'bornFrom')).data
  const [monthsPerStep, ageMonthsMax] = [field(slide, 'monthsPerStep'), field(slide, 'ageMonthsMax')]
  const complete = bornFrom !== undefined && isCount(monthsPerStep) && monthsPerStep > 0 && isCount(ageMonthsMax)
  return complete ? { ageMonths, slide: { bornFrom, monthsPerStep, ageMonthsMax } } : undefined
}

const isCount = (value: Json | undefined): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isPost = (value: Json | undefined): value is Post => typeof value === 'string' && Object.hasOwn(POSTS, value)
const list = (value: Json | undefined): readonly Json[] | undefined => (isList(value) ? value : undefined)
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const field = (value: Json | undefined, key: string): Json | undefined =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
