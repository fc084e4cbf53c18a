import { HAND_PERSONS, handKey, keyOf, type HandAnswer } from '#contracts/hand-answers.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { fenText, formatYuan } from '#contracts/money.ts'
import { canonicalJson, sha256Hex } from '#db/canonical.ts'
import type { Tx } from '#db/connect.ts'
import { readHandAnswers } from '#db/read/hand-answers.ts'
import { normaliseIdNumber, type Vault } from '#db/vault.ts'
import { auditCase } from '#db/write/audit.ts'
import { keepHandAnswers } from '#db/write/hand-answers.ts'
import { keepSource } from '#db/write/loan.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { balanceLimit } from '#rules/loan/balance-formula.ts'
import { BY_HAND, questionInWords, withAnswers } from '#rules/loan/by-hand.ts'
import { Bug } from '../bug.ts'
import type { Judged } from '../case/kinds.ts'
import type { Parts } from '../parts.ts'
import { applicationOf } from './application.ts'
import type { SourceReply } from './outside.ts'

/**
 * Facts just gathered, with what officers have read on paper at a stage where the source is silent still. What was said of another spouse or
 * another home, before the form was corrected, is not said of this one.
 */
export async function withKeptAnswers(
  parts: Parts,
  caseId: string,
  { facts, application, policy }: { facts: LoanFacts; application: LoanApplication; policy: PolicySnapshot },
): Promise<LoanFacts> {
  const kept = await readHandAnswers(parts.db, caseId, 'MANUAL_CHECK')
  const ofThese = kept.filter(({ answer, subject }) => subject.equals(subjectOf(parts.vault, application, answer)))
  return withAnswers(
    facts,
    balanceLimit(facts, policy).open,
    ofThese.map(({ answer }) => answer),
    application.maritalStatus,
  )
}

/** Keeps the answers, and shows each beside the replies of the sources: what was found out, by which paper, on whose word. */
export async function keepAnswers(tx: Tx, { kase, body, actorId, time }: Judged, { vault }: Parts): Promise<void> {
  const application = await applicationOf(tx, vault, kase.case_id)
  const answers = body.answers.map((answer) => ({ answer, subject: subjectOf(vault, application, answer) }))
  await keepHandAnswers(tx, kase, answers, { staffId: actorId, at: time.now })
  await auditCase(tx, kase, `staff/${actorId}`, 'check-by-hand', {
    // The papers' names are the officer's own words: the chain holds what they say, and a hash of the whole.
    stage: kase.stage,
    answers: body.answers.map((answer) => ({ ...answer, reference: undefined })),
    hash: sha256Hex(canonicalJson(body.answers)),
    on: time.today,
  })
  const { name } = await tx.selectFrom('staff').select('name').where('staff_id', '=', actorId).executeTakeFirstOrThrow()
  for (const answer of body.answers) await keepSource(tx, kase, replyOf(answer, name))
}

const replyOf = (answer: HandAnswer, by: string): SourceReply => ({
  source: `HAND/${handKey(keyOf(answer))}`,
  outcome: 'MATCHED',
  authorisation: answer.reference,
  content: { summary: `${questionInWords(keyOf(answer))}：${inWords(answer)}（${BY_HAND}：${by}）` },
})

const yuan = (text: string): string => formatYuan(fenText.parse(text))
const yesNo = (flag: boolean, yes: string, no: string): string => (flag ? yes : no)

/** What an answer says, for the list of sources. */
function inWords(answer: HandAnswer): string {
  switch (answer.question) {
    case 'FAMILY':
      return `${answer.marriage}，${answer.marriage === 'MARRIED' ? yesNo(answer.spouseDeclared, '配偶与申报一致，', '配偶与申报不一致，') : ''}未成年子女${answer.minorChildren}名`
    case 'HOMES':
    case 'HOUSING_DEPARTMENT':
      return `${answer.homes}套`
    case 'FUND_LOANS':
      return `使用${answer.used}次，未结清${answer.outstanding}笔`
    case 'FILING':
      return [
        `备案总价${yuan(answer.priceFen)}元`,
        yesNo(answer.valid, '有效', '无效'),
        yesNo(answer.homeMatches, '不动产一致', '不动产不一致'),
        yesNo(answer.buyersMatch, '买受人一致', '买受人不一致'),
        yesNo(answer.projectSuspended, '楼盘已暂停受理或停工', '楼盘正常'),
      ].join('，')
    case 'SEIZURE':
      return `${yesNo(answer.seized, '存在查封', '无查封')}，他人的抵押${answer.otherMortgages}宗`
    case 'IDENTITY':
      return `${yesNo(answer.matched, '一致', '不一致')}${yesNo(answer.alive, '', '，已死亡')}`
    case 'CREDIT':
      return `近24个月逾期${answer.overdueTimes24Months}次，最长连续${answer.overdueRunMonths}期`
    case 'COEFFICIENT':
      return `核定为${answer.percent}%`
    case 'DISHONESTY':
      return yesNo(answer.listed, '已列入', '未列入')
    case 'MORTGAGE':
      return `${yesNo(answer.effective, '有效', '已注销')}，${yesNo(answer.homeMatches, '不动产一致', '不动产不一致')}，${yesNo(answer.holderMatches, '抵押权人一致', '抵押权人不一致')}`
  }
}

/** Whom or what an answer is about, as a keyed hash. */
function subjectOf(vault: Vault, application: LoanApplication, answer: HandAnswer): Buffer {
  const { borrower, spouse, coBorrowers, children, home } = application
  const numbers = (people: readonly { readonly idNumber: string }[]): string =>
    people.map(({ idNumber }) => normaliseIdNumber(idNumber)).join()
  const about = (what: string): Buffer => vault.hash(`hand-answer/${answer.question}/${what}`)
  switch (answer.question) {
    case 'FAMILY':
    case 'HOMES':
    case 'HOUSING_DEPARTMENT':
      return about(`${numbers([borrower, ...(spouse ? [spouse] : []), ...children])}/${home.homeNumber}`)
    case 'FUND_LOANS':
      return about(numbers([borrower, ...(spouse ? [spouse] : [])]))
    case 'FILING':
      return about(`${home.filingNumber}/${home.homeNumber}/${numbers([borrower, ...(spouse ? [spouse] : []), ...coBorrowers])}`)
    case 'SEIZURE':
    case 'MORTGAGE':
      return about(home.homeNumber)
    case 'IDENTITY':
    case 'CREDIT':
    case 'COEFFICIENT':
    case 'DISHONESTY': {
      const person = [borrower, spouse, ...coBorrowers][Object.keys(HAND_PERSONS).indexOf(answer.person)]
      if (!person) throw new Bug('an answer is about somebody in the case')
      return about(numbers([person]))
    }
  }
}
