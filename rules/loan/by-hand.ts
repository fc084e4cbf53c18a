import { HAND_PERSONS, handKey, type HandAnswer, type HandPerson, type HandQuestion } from '#contracts/hand-answers.ts'
import type { External, LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { fen, fenText, type Fen } from '#contracts/money.ts'
import type { RecordedReason } from '#contracts/recorded-verdict.ts'
import type { Reason } from '#contracts/verdict.ts'
import { reason } from '../reason-codes.ts'
import { familyReasons } from './family-as-registered.ts'
import type { LoanRule } from './rule.ts'

/** Where a fact comes from that an officer has read on paper. */
export const BY_HAND = '人工核验'

/** A question that no source has answered, or that one has answered against the form: it waits for what the paper says. */
export interface OpenQuestion {
  readonly question: HandQuestion
  readonly person: HandPerson | null
  /** 配偶征信报告 */
  readonly what: string
  readonly source: string
  readonly cause: string
}

const WORDS: Readonly<Record<HandQuestion, string>> = {
  FAMILY: '婚姻与子女',
  HOMES: '购房地住房套数',
  HOUSING_DEPARTMENT: '住房保障部门登记的住房套数',
  FUND_LOANS: '全国公积金贷款记录',
  FILING: '网签备案',
  SEIZURE: '查封情况',
  IDENTITY: '身份核验',
  CREDIT: '征信报告',
  COEFFICIENT: '余额倍数的时间系数',
  DISHONESTY: '失信被执行人名单',
  MORTGAGE: '抵押登记',
}

/** A question as officers say it, such as 借款人征信报告. */
export const questionInWords = ({ question, person }: { question: HandQuestion; person: HandPerson | null }): string =>
  (person ? HAND_PERSONS[person] : '') + WORDS[question]

interface Asked {
  readonly question: HandQuestion
  readonly person: HandPerson | null
  readonly fact: External<unknown>
}

/** Every fact that a source outside keeps and that can be read on paper instead. */
function askedOf(facts: LoanFacts): readonly Asked[] {
  const persons = personsOf(facts).flatMap(([person, { identity, credit, dishonestDebtor, balanceCoefficientPercent }]): Asked[] => [
    { question: 'IDENTITY', person, fact: identity },
    { question: 'CREDIT', person, fact: credit },
    { question: 'DISHONESTY', person, fact: dishonestDebtor },
    ...(balanceCoefficientPercent ? [{ question: 'COEFFICIENT' as const, person, fact: balanceCoefficientPercent }] : []),
  ])
  const own = (question: HandQuestion, fact: External<unknown>): Asked => ({ question, person: null, fact })
  return [
    ...persons,
    own('FAMILY', facts.family),
    own('HOMES', facts.homesInPlace),
    own('HOUSING_DEPARTMENT', facts.homesByHousingDepartment),
    own('FUND_LOANS', facts.fundLoans),
    own('FILING', facts.home.filing),
    own('SEIZURE', facts.home.seized),
    ...(facts.mortgage ? [own('MORTGAGE', facts.mortgage)] : []),
  ]
}

const CO_BORROWERS = ['CO_BORROWER_1', 'CO_BORROWER_2', 'CO_BORROWER_3', 'CO_BORROWER_4'] as const satisfies HandPerson[]

const personsOf = ({ borrower, spouse, coBorrowers }: LoanFacts): readonly (readonly [HandPerson, PersonFacts])[] => [
  ['BORROWER', borrower],
  ...(spouse ? [['SPOUSE', spouse] as const] : []),
  ...coBorrowers.flatMap((person, index) => {
    const which = CO_BORROWERS[index]
    return which ? [[which, person] as const] : []
  }),
]

/** A question that is open, or that an officer has answered and may answer again. */
export interface HandQuestionAsked extends OpenQuestion {
  /** The paper it was answered by; null while it is open. */
  readonly answeredBy: string | null
}

/** What an officer is asked: everything open, and what they have said before, should it have been wrong. */
export const handQuestions = (facts: LoanFacts, found: readonly Finding[]): readonly HandQuestionAsked[] => [
  ...openQuestions(facts, found).map((one) => ({ ...one, answeredBy: null })),
  ...askedOf(facts).flatMap(({ question, person, fact }): HandQuestionAsked[] =>
    fact.state === 'KNOWN' && fact.reference !== undefined
      ? [{ question, person, what: questionInWords({ question, person }), source: fact.source, cause: '', answeredBy: fact.reference }]
      : [],
  ),
]

/** A reason of a verdict, made a moment ago or read back, as far as a question hangs on it. */
type Finding = Pick<RecordedReason | Reason, 'code' | 'text' | 'figures'>

/**
 * What an officer must find out before the rules can judge.
 * @param found what the rules have found with these facts, or before one of them was answered: some questions hang on the policy alone
 */
export function openQuestions(facts: LoanFacts, found: readonly Finding[]): readonly OpenQuestion[] {
  const silent = askedOf(facts).flatMap(({ question, person, fact }): OpenQuestion[] =>
    fact.state === 'UNAVAILABLE'
      ? [{ question, person, what: questionInWords({ question, person }), source: fact.source, cause: fact.cause }]
      : [],
  )
  const contradicted = familyReasons(facts).filter(({ code }) => code === 'FAMILY_CONTRADICTED')
  const register = facts.family.source
  return [
    ...silent,
    ...contradicted.map(({ text }): OpenQuestion => ({
      question: 'FAMILY',
      person: null,
      what: WORDS.FAMILY,
      source: register,
      cause: text,
    })),
    ...found.filter(({ code }) => code === 'COEFFICIENT_NOT_PUBLISHED').flatMap((gap) => coefficientOf(facts, gap)),
  ]
}

/** A coefficient that is not published, unless somebody has worked it out. */
const coefficientOf = (facts: LoanFacts, { text, figures }: Finding): OpenQuestion[] =>
  personsOf(facts)
    .filter(([person, { balanceCoefficientPercent }]) => HAND_PERSONS[person] === figures['who'] && !balanceCoefficientPercent)
    .map(([person]) => ({
      question: 'COEFFICIENT',
      person,
      what: questionInWords({ question: 'COEFFICIENT', person }),
      source: '公布的余额公式',
      cause: text,
    }))

/**
 * The facts with what officers have read on paper where nobody else has answered. An answer to a question that is not asked changes nothing:
 * a source that speaks goes before a paper.
 */
export function withAnswers(
  facts: LoanFacts,
  found: readonly Finding[],
  answers: readonly HandAnswer[],
  maritalStatus: LoanApplication['maritalStatus'],
): LoanFacts {
  const asked = new Set(handQuestions(facts, found).map(handKey))
  return answers.reduce((before, answer) => {
    const person = 'person' in answer ? answer.person : null
    return asked.has(handKey({ question: answer.question, person })) ? answered(before, answer, maritalStatus) : before
  }, facts)
}

function answered(facts: LoanFacts, answer: HandAnswer, maritalStatus: LoanApplication['maritalStatus']): LoanFacts {
  const { reference } = answer
  const told = <T>(value: T) => ({ state: 'KNOWN' as const, source: BY_HAND, value, reference })
  switch (answer.question) {
    case 'FAMILY': {
      const { marriage: state, spouseDeclared, minorChildren } = answer
      const registered = facts.family.state === 'KNOWN' ? facts.family.value.registered : undefined
      const onPaper = { state, spouseDeclared: state === 'MARRIED' && spouseDeclared }
      return { ...facts, family: told({ maritalStatus, minorChildren, ...(registered ? { registered } : {}), onPaper }) }
    }
    case 'HOMES':
      return { ...facts, homesInPlace: told(answer.homes) }
    case 'HOUSING_DEPARTMENT':
      return { ...facts, homesByHousingDepartment: told(answer.homes) }
    case 'FUND_LOANS':
      return { ...facts, fundLoans: told({ used: answer.used, outstanding: answer.outstanding }) }
    case 'FILING': {
      const { valid, homeMatches, buyersMatch, projectSuspended } = answer
      const filing = told({ priceFen: fenOf(answer.priceFen), valid, buyersMatch, homeMatches })
      return { ...facts, home: { ...facts.home, filing, projectSuspended } }
    }
    case 'SEIZURE':
      return { ...facts, home: { ...facts.home, seized: told(answer.seized), otherMortgages: answer.otherMortgages } }
    case 'MORTGAGE': {
      const { effective, homeMatches, holderMatches } = answer
      return { ...facts, mortgage: told({ effective, homeMatches, holderMatches, amountFen: fenOf(answer.amountFen) }) }
    }
    case 'IDENTITY':
      return ofPerson(facts, answer.person, (one) => ({ ...one, identity: told({ matched: answer.matched, alive: answer.alive }) }))
    case 'COEFFICIENT':
      return ofPerson(facts, answer.person, (one) => ({ ...one, balanceCoefficientPercent: told(answer.percent) }))
    case 'DISHONESTY':
      return ofPerson(facts, answer.person, (one) => ({ ...one, dishonestDebtor: told(answer.listed) }))
    case 'CREDIT': {
      const { overdueRunMonths, overdueTimes24Months } = answer
      const [overdueNowFen, monthlyRepaymentFen] = [fenOf(answer.overdueNowFen), fenOf(answer.monthlyRepaymentFen)]
      const credit = told({ overdueNowFen, overdueRunMonths, overdueTimes24Months, monthlyRepaymentFen })
      return ofPerson(facts, answer.person, (one) => ({ ...one, credit }))
    }
  }
}

const fenOf = (text: string): Fen => fen(fenText.parse(text))

function ofPerson(facts: LoanFacts, which: HandPerson, change: (person: PersonFacts) => PersonFacts): LoanFacts {
  if (which === 'BORROWER') return { ...facts, borrower: change(facts.borrower) }
  if (which === 'SPOUSE') return { ...facts, spouse: facts.spouse && change(facts.spouse) }
  const place = CO_BORROWERS.indexOf(which)
  return { ...facts, coBorrowers: facts.coBorrowers.map((person, index) => (index === place ? change(person) : person)) }
}

/** 人工核验提示. What rests on a paper that an officer has read is shown as such, and looked at one level higher. */
export const verifiedByHand: LoanRule = (facts) =>
  askedOf(facts).flatMap(({ question, person, fact }) =>
    fact.state === 'KNOWN' && fact.reference !== undefined
      ? [reason('VERIFIED_BY_HAND', { what: questionInWords({ question, person }), reference: fact.reference })]
      : [],
  )
