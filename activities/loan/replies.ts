import type { External, LoanFacts, PersonFacts } from '#contracts/loan-facts.ts'
import { familyReasons } from '#rules/loan/family-as-registered.ts'
import { filingReasons } from '#rules/loan/price.ts'
import type { CreditAuthorisation } from './gather.ts'
import type { SourceReply } from './outside.ts'

/** What is kept of each source's answer. */
export function repliesOf(
  facts: LoanFacts,
  { authorisationRef, creditAuthorisation }: { readonly authorisationRef: string; readonly creditAuthorisation: CreditAuthorisation },
): SourceReply[] {
  const signed = 'reference' in creditAuthorisation ? creditAuthorisation.reference : '未取得'
  const reply = (source: string, fact: External<unknown>, matched: boolean, summary: string): SourceReply => ({
    source,
    authorisation: source.startsWith('CREDIT') ? signed : authorisationRef,
    outcome: fact.state === 'UNAVAILABLE' ? 'UNAVAILABLE' : matched ? 'MATCHED' : 'MISMATCHED',
    content: { summary: fact.state === 'UNAVAILABLE' ? `${fact.source}：${fact.cause}` : summary },
  })
  const { family, homesInPlace, homesByHousingDepartment, fundLoans, home } = facts
  const value = <T>(fact: External<T>): T | undefined => (fact.state === 'KNOWN' ? fact.value : undefined)
  const ofFiling = filingReasons(home)
  const [contradiction] = familyReasons(facts)
  const allotted = value(homesByHousingDepartment)
  return [
    reply(
      'CIVIL',
      family,
      contradiction === undefined,
      `${contradiction?.text ?? '婚姻状况与配偶一致'}；未成年子女${value(family)?.minorChildren ?? 0}名`,
    ),
    ...personsOf(facts).flatMap(({ suffix, person }) => [
      reply(
        `IDENTITY${suffix}`,
        person.identity,
        value(person.identity)?.matched === true && value(person.identity)?.alive === true,
        `${value(person.identity)?.matched ? '姓名与证件号一致' : '姓名与证件号不一致'}${value(person.identity)?.alive === false ? '；已登记死亡' : ''}`,
      ),
      reply(`CREDIT${suffix}`, person.credit, goodCredit(person), creditWords(person)),
    ]),
    reply('REGISTRY_HOMES', homesInPlace, true, `购房地住房${value(homesInPlace) ?? 0}套`),
    // Null where the entity does not count by it: nobody was asked.
    ...(allotted === null ? [] : [reply('HOUSING', homesByHousingDepartment, true, `购房地住房${allotted ?? 0}套`)]),
    reply(
      'REGISTRY_FILING',
      home.filing,
      ofFiling.length === 0,
      ofFiling.map(({ text }) => text).join('；') || '备案有效，不动产、买受人和价格一致',
    ),
    reply(
      'REGISTRY_SEIZURE',
      home.seized,
      value(home.seized) === false && !home.otherMortgages,
      `${value(home.seized) ? '存在查封' : '无查封'}，${home.otherMortgages ? `另有他人抵押${home.otherMortgages}宗` : '没有他人的抵押'}`,
    ),
    reply('CITIES', fundLoans, true, `全国使用${value(fundLoans)?.used ?? 0}次，未结清${value(fundLoans)?.outstanding ?? 0}笔`),
  ]
}

/** Everybody who was asked about by name, with what their answers are filed under beside the borrower's. */
const personsOf = ({ borrower, spouse, coBorrowers }: LoanFacts): { suffix: string; person: PersonFacts }[] => [
  { suffix: '', person: borrower },
  ...(spouse ? [{ suffix: '_SPOUSE', person: spouse }] : []),
  ...coBorrowers.map((person, index) => ({ suffix: `_CO_BORROWER_${index + 1}`, person })),
]

const goodCredit = ({ credit, dishonestDebtor }: PersonFacts): boolean =>
  credit.state === 'KNOWN' && credit.value.overdueNowFen === 0n && dishonestDebtor.state === 'KNOWN' && !dishonestDebtor.value

/** Counts and states only; the amounts stand in the verdict's facts. */
const creditWords = ({ credit, dishonestDebtor }: PersonFacts): string =>
  [
    credit.state === 'KNOWN'
      ? `近24个月逾期${credit.value.overdueTimes24Months}次，${credit.value.overdueNowFen > 0n ? '当前有逾期' : '当前无逾期'}`
      : '',
    dishonestDebtor.state === 'KNOWN' ? (dishonestDebtor.value ? '列入失信被执行人名单' : '未列入失信被执行人名单') : '',
  ]
    .filter(Boolean)
    .join('；')
