import type { Insertable } from 'kysely'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { LOAN_RULE_VERSION } from '#rules/loan/assess.ts'
import { recheckRelease, releaseResult } from '#rules/loan/recheck.ts'
import { canonicalJson, sha256Hex, snapshotId } from '../canonical.ts'
import type { SourceReplyTable, VerdictTable } from '../tables.ts'
import type { Random } from './random.ts'
import { common, type SeededCase } from './seeded-case.ts'

const SOURCES = ['CIVIL', 'HOUSING', 'CREDIT', 'REGISTRY_FILING', 'REGISTRY_HOMES', 'REGISTRY_SEIZURE', 'CITIES', 'IDENTITY'] as const

/** What the sources said and what the rules made of it, once the data have been checked; and what they made of it again before release. */
export function checkedRows(
  kase: SeededCase,
  random: Random,
): { source_reply: Insertable<SourceReplyTable>[]; verdict: Insertable<VerdictTable>[] } {
  const checks = kase.walked.decisions.filter((one) => one.stage === 'DATA_CHECK')
  const again = kase.walked.decisions.find((one) => one.stage === 'RELEASE_CHECK')
  return {
    source_reply: [...checks.flatMap((one) => replyRows(kase, one, random)), ...mortgageReplies(kase, random)],
    verdict: [
      ...checks.map((one) => verdictRow(kase, 'ASSESSMENT', one, { facts: kase.facts, result: kase.assessment }, random)),
      ...(again ? [verdictRow(kase, 'RELEASE_CHECK', again, releaseCheck(kase), random)] : []),
    ],
  }
}

function replyRows(kase: SeededCase, checked: Checked, random: Random): Insertable<SourceReplyTable>[] {
  const { facts, family } = kase
  const silent = (source: string): boolean => source === 'CREDIT' && family.creditSilent
  const asked = SOURCES.filter((source) => source !== 'HOUSING' || family.branch.entity === 'changyuan')
  return asked.map((source) => ({
    ...common(kase),
    reply_id: random.uuid(),
    round: checked.stage_version,
    source,
    outcome: silent(source)
      ? ('UNAVAILABLE' as const)
      : source === 'REGISTRY_FILING' && family.home.filedPriceFen !== family.home.priceFen
        ? ('MISMATCHED' as const)
        : ('MATCHED' as const),
    authorisation: kase.caseId,
    content: JSON.stringify({ summary: silent(source) ? '人民银行征信：对方系统超时未答复' : summaryOf(source, facts) }),
    fetched_at: checked.decided_at,
  }))
}

/** The registry about the certificate: after it was entered, and once more before the money. */
const mortgageReplies = (kase: SeededCase, random: Random): Insertable<SourceReplyTable>[] =>
  kase.walked.decisions
    .filter(({ stage }) => stage === 'MORTGAGE_CHECK' || stage === 'RELEASE_CHECK')
    .map((one) => {
      const doubted = one.to_stage === 'MORTGAGE_DOUBTED'
      return {
        ...common(kase),
        reply_id: random.uuid(),
        round: one.stage_version,
        source: 'REGISTRY_MORTGAGE',
        outcome: doubted ? 'UNAVAILABLE' : 'MATCHED',
        authorisation: kase.caseId,
        content: JSON.stringify({
          summary: doubted ? '不动产登记机构：多次请求未获应答，须人工核验' : '抵押登记有效，不动产、抵押权人和金额一致',
        }),
        fetched_at: one.decided_at,
      }
    })

type Checked = SeededCase['walked']['decisions'][number]

function verdictRow(
  kase: SeededCase,
  kind: 'ASSESSMENT' | 'RELEASE_CHECK',
  at: Checked,
  made: { readonly facts: LoanFacts; readonly result: { readonly outcome: string } },
  random: Random,
): Insertable<VerdictTable> {
  const id = snapshotId(kase.snapshot)
  const content = canonicalJson({ ...made, rule: LOAN_RULE_VERSION, snapshot: id })
  const { outcome } = made.result
  return {
    ...common(kase),
    verdict_id: random.uuid(),
    kind,
    round: at.stage_version,
    outcome,
    rule_version: LOAN_RULE_VERSION,
    snapshot_id: id,
    content,
    hash: sha256Hex(content),
    made_at: at.decided_at,
  }
}

/** Held where the borrower has since been put on the list of dishonest debtors, or the bureau was silent; in all others nothing has changed. */
function releaseCheck(kase: SeededCase) {
  const { stage } = kase.walked
  const held = stage === 'RELEASE_HELD' || stage === 'SENIOR_RELEASE'
  const { borrower } = kase.facts
  const silent = { state: 'UNAVAILABLE' as const, source: '人民银行征信', cause: '多次请求未获应答' }
  const since = {
    ...(stage === 'RELEASE_HELD' ? { dishonestDebtor: { ...borrower.dishonestDebtor, state: 'KNOWN' as const, value: true } } : {}),
    ...(stage === 'SENIOR_RELEASE' ? { credit: silent, dishonestDebtor: silent } : {}),
  }
  const facts: LoanFacts = { ...kase.facts, borrower: { ...borrower, ...since } }
  const { amountFen, months, ratePercent, homeOrder } = kase.assessment
  const approved = { amountFen, months, ratePercent: ratePercent ?? '', homeOrder: homeOrder ?? ('first' as const), facts: kase.facts, lifted: [] }
  const recheck = recheckRelease(approved, facts, { ruling: kase.snapshot, release: kase.snapshot })
  if (recheck.release === held) throw new Error(`the release check of ${kase.caseNumber} says otherwise than its story`)
  return { facts, result: releaseResult(approved, recheck) }
}

function summaryOf(source: (typeof SOURCES)[number], { family, homesInPlace, fundLoans, home }: LoanFacts): string {
  const value = <T>(fact: { state: 'KNOWN'; value: T } | { state: 'UNAVAILABLE' }): T | undefined =>
    fact.state === 'KNOWN' ? fact.value : undefined
  switch (source) {
    case 'CIVIL':
      return `婚姻状况与配偶一致；未成年子女${value(family)?.minorChildren ?? 0}名`
    case 'HOUSING':
    case 'REGISTRY_HOMES':
      return `购房地住房${value(homesInPlace) ?? 0}套`
    case 'REGISTRY_FILING':
      return value(home.filing)?.priceFen === home.contractPriceFen ? '备案有效，价格一致' : '备案价格与合同不一致'
    case 'REGISTRY_SEIZURE':
      return value(home.seized) ? '存在查封' : '无查封'
    case 'CITIES':
      return `全国使用${value(fundLoans)?.used ?? 0}次，未结清${value(fundLoans)?.outstanding ?? 0}笔`
    case 'CREDIT':
      return '近24个月逾期0次'
    case 'IDENTITY':
      return '姓名与证件号一致'
  }
}
