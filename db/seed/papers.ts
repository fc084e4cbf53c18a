import type { Insertable } from 'kysely'
import type { PaperHead, PaperInput, PaperKind } from '#activities/papers/input.ts'
import { addDays } from '#contracts/dates.ts'
import { GUARANTEES, REPAYMENT_METHODS } from '#contracts/loan.ts'
import { maskAccount, maskIdNumber } from '#contracts/masking.ts'
import type { RecordedReason } from '#contracts/recorded-verdict.ts'
import { assumptionsOn } from '#policy/assumptions.ts'
import { SCOPES } from '#policy/scopes.ts'
import { dueDate } from '#rules/deadline/due-date.ts'
import { refusalGrounds, type ChosenGrounds } from '#rules/loan/refusal-grounds.ts'
import { addressOf, remedyOf } from '#rules/loan/remedy.ts'
import { loanRate } from '#rules/loan/rate.ts'
import { materialLabel } from '#rules/loan/materials.ts'
import { datedSchedule } from '#rules/repayment/dated-schedule.ts'
import { firstInstalment } from '#rules/repayment/instalment.ts'
import { canonicalJson, snapshotId } from '../canonical.ts'
import type { PaperTable } from '../tables.ts'
import { handedIn } from './materials.ts'
import { orgRows } from './orgs.ts'
import type { Random } from './random.ts'
import type { Officer } from './staff.ts'
import { common, decidedOn, fieldOf, isKeptWhole, type SeededCase } from './seeded-case.ts'

type Names = ReadonlyMap<string, string>
type Decision = SeededCase['walked']['decisions'][number]

/** Which decision issues which paper, as the deciding transaction does it. */
const ISSUED_BY: Readonly<Record<string, PaperKind>> = {
  'open-file': 'ACCEPTANCE_RECEIPT',
  'not-accept': 'NON_ACCEPTANCE',
  'request-correction': 'SUPPLEMENT',
  supplement: 'SUPPLEMENT',
  approve: 'APPROVAL',
  refuse: 'REFUSAL',
}

interface Due {
  readonly kase: SeededCase
  readonly decision: Decision
  readonly kind: PaperKind
}

export interface SeededPapers {
  readonly papers: Insertable<PaperTable>[]
  readonly sequences: (readonly [name: string, year: number, last: number])[]
}

/**
 * The papers of every case, numbered in the order in which they were issued: what each prints, as text; the files are made when somebody
 * first asks for them. A test compares the text with what the deciding transaction would keep.
 */
export function paperRows(cases: readonly SeededCase[], officers: readonly Officer[], random: Random): SeededPapers {
  const names = new Map(officers.map(({ staffId, name }) => [staffId, name]))
  const due = cases.flatMap(papersDue).sort((a, b) => (issueKey(a) < issueKey(b) ? -1 : 1))
  const last = new Map<string, readonly [name: string, year: number, last: number]>()
  const papers = due.map(({ kase, decision, kind }) => {
    const { entity } = kase.family.branch
    const [name, year] = [`paper/${entity}/${kind}`, Number(decision.decided_on.slice(0, 4))]
    const sequence = (last.get(`${name}/${year}`)?.[2] ?? 0) + 1
    last.set(`${name}/${year}`, [name, year, sequence])
    const head = headOf(kase, decision, kind, `${entity === 'changyuan' ? '长' : '新'}公积金${WORDS[kind]}〔${year}〕${sequence}号`)
    return {
      ...common(kase),
      paper_id: random.uuid(),
      kind,
      paper_number: head.paperNumber,
      stage_version: decision.stage_version,
      input: canonicalJson(INPUTS[kind](kase, head, decision, names)),
      template: null,
      sha256: null,
      issued_on: decision.decided_on,
      issued_at: decision.decided_at,
      delivered_on: kind === 'SUPPLEMENT' ? decidedOn(kase, 'deliver') : null,
    }
  })
  return { papers, sequences: [...last.values()] }
}

function papersDue(kase: SeededCase): Due[] {
  if (!isKeptWhole(kase)) return []
  return kase.walked.decisions.flatMap((decision): Due[] => {
    const kind = decision.to_stage === 'DISBURSED' ? 'REPAYMENT_PLAN' : ISSUED_BY[decision.action]
    return kind ? [{ kase, decision, kind }] : []
  })
}

const issueKey = ({ kase, decision }: Due): string => `${decision.decided_at}/${kase.caseNumber}`

const WORDS: Readonly<Record<PaperKind, string>> = {
  ACCEPTANCE_RECEIPT: '贷受',
  NON_ACCEPTANCE: '贷不受',
  SUPPLEMENT: '贷补',
  APPROVAL: '贷准',
  REFUSAL: '贷不准',
  REPAYMENT_PLAN: '贷还',
}

const ARTICLE = '《住房公积金管理条例》第二十六条'
const ORG_NAMES = new Map(orgRows().map(({ org_id, name }) => [org_id, name]))

/** Papers that go by the policy of another day than that of acceptance. */
const RULING: Readonly<Partial<Record<PaperKind, (kase: SeededCase) => SeededCase['contract']>>> = {
  SUPPLEMENT: ({ notice }) => notice,
  REPAYMENT_PLAN: ({ contract }) => contract,
}

function headOf(kase: SeededCase, { decided_on: issuedOn }: Decision, kind: PaperKind, paperNumber: string): PaperHead {
  const { family } = kase
  const snapshot = RULING[kind]?.(kase) ?? kase.snapshot
  return {
    centreName: SCOPES[family.branch.entity].label,
    paperNumber,
    caseNumber: kase.caseNumber,
    addressee: family.borrower.person.name,
    matter: '住房公积金个人住房贷款',
    issuedOn,
    legalBasis: kind === 'REPAYMENT_PLAN' ? [ARTICLE, '借款合同'] : [ARTICLE],
    parameters: { asOf: snapshot.date, snapshotId: snapshotId(snapshot), assumed: assumptionsOn(kind, snapshot) },
    contact: { office: ORG_NAMES.get(family.branch.orgId) ?? '', address: addressOf(snapshot), phone: '12329' },
    copiesTo: ['申请人', '本中心存档'],
  }
}

const INPUTS: Readonly<Record<PaperKind, (kase: SeededCase, head: PaperHead, decision: Decision, names: Names) => PaperInput>> = {
  ACCEPTANCE_RECEIPT: (kase, head, _decision, names) => {
    const { decisionDaysMax, decisionDaysUnit } = kase.snapshot.values
    const budget = { daysAllowed: decisionDaysMax.value, unit: decisionDaysUnit.value, paused: [], calendar: kase.calendar }
    const due = dueDate({ startedOn: head.issuedOn, ...budget })
    return {
      ...head,
      kind: 'ACCEPTANCE_RECEIPT',
      appliedOn: kase.created.on,
      acceptedOn: head.issuedOn,
      timeLimit: `${decisionDaysMax.value}${decisionDaysUnit.value === 'WORKING' ? '个工作日' : '日'}`,
      decideBy: due.known ? due.dueOn : null,
      materials: handedIn(kase).map((code) => ({ name: materialLabel(code), form: '电子件', count: 1 })),
      receivedBy: accepterOf(kase, names),
    }
  },

  NON_ACCEPTANCE: (kase, head, decision) => ({
    ...head,
    parameters: { ...head.parameters, assumed: assumptionsOn('REMEDY', kase.snapshot) },
    kind: 'NON_ACCEPTANCE',
    appliedOn: kase.created.on,
    reasons: refusalGrounds([], chosenGrounds(decision)),
    remedy: remedyOf(head.contact.office, kase.snapshot),
  }),

  SUPPLEMENT: (kase, head) => ({
    ...head,
    kind: 'SUPPLEMENT',
    appliedOn: kase.created.on,
    acceptedOn: decidedOn(kase, 'accept'),
    wants: kase.lacks.notice.map(({ material, reason }) => ({ item: materialLabel(material), reason })),
    answerDays: kase.notice.values.answerDays?.value ?? null,
  }),

  APPROVAL: (kase, head) => {
    const { family, assessment, snapshot } = kase
    const { amountFen, months, ratePercent } = assessment
    const couple = [family.borrower, ...(family.spouse ? [family.spouse] : [])]
    const rate = ratePercent ?? '0'
    return {
      ...head,
      kind: 'APPROVAL',
      acceptedOn: decidedOn(kase, 'accept') ?? head.issuedOn,
      borrowers: couple.map(({ person }, index) => ({
        name: person.name,
        idNumberMasked: maskIdNumber(person.idNumber),
        role: index === 0 ? '借款人' : '配偶',
      })),
      property: family.home.address,
      amountFen,
      termMonths: months,
      annualRatePercent: rate,
      repaymentMethod: REPAYMENT_METHODS[family.method],
      firstInstalmentFen: firstInstalment(family.method, amountFen, rate, months),
      security: GUARANTEES[family.guarantorOrgId ? 'SURETY' : 'MORTGAGE'],
      conditions: ['签订借款合同和担保合同', '办妥抵押登记或者落实担保', '放款日执行的利率与本通知不一致的，以放款日利率为准'],
      validUntil: addDays(head.issuedOn, snapshot.values.approvalValidDays.value),
    }
  },

  REFUSAL: (kase, head, decision) => {
    const found = kase.assessment.reasons.map((one) => ({
      ...one,
      figures: JSON.parse(canonicalJson(one.figures)) as RecordedReason['figures'],
    }))
    const reasons = refusalGrounds(found, chosenGrounds(decision))
    const assumed = assumptionsOn(
      'REFUSAL',
      kase.snapshot,
      reasons.map(({ article }) => article),
    )
    return {
      ...head,
      parameters: { ...head.parameters, assumed: [...assumed, ...assumptionsOn('REMEDY', kase.snapshot)] },
      kind: 'REFUSAL',
      acceptedOn: decidedOn(kase, 'accept') ?? head.issuedOn,
      askedFen: kase.family.amountFen,
      askedTermMonths: kase.family.months,
      reasons,
      remedy: remedyOf(head.contact.office, kase.snapshot),
    }
  },

  REPAYMENT_PLAN: (kase, head, decision) => {
    const { family, assessment } = kase
    const { amountFen: principalFen, months } = assessment
    const ratePercent = releaseRate(kase)
    const plan = datedSchedule({
      principalFen,
      months,
      method: family.method,
      releasedOn: decision.decided_on,
      repaymentDay: family.repaymentDay,
      rates: [{ effectiveOn: decision.decided_on, ratePercent }],
      firstPeriod: (kase.contract ?? kase.snapshot).values.firstPeriod.value,
      repricingSplit: (kase.contract ?? kase.snapshot).values.repricingSplit.value,
    })
    return {
      ...head,
      kind: 'REPAYMENT_PLAN',
      contractNumber: fieldOf(kase, 'sign', 'contractNumber') ?? '',
      borrower: family.borrower.person.name,
      principalFen,
      annualRatePercent: ratePercent,
      repaymentMethod: REPAYMENT_METHODS[family.method],
      disbursedOn: decision.decided_on,
      repaymentAccountMasked: maskAccount(family.cardNumber),
      instalments: plan.map(({ no, dueOn, principalFen: repaidFen, interestFen, closingFen }) => ({
        period: no,
        dueOn,
        principalFen: repaidFen,
        interestFen,
        balanceFen: closingFen,
      })),
    }
  },
}

/** The rate of the day on which the money was paid out. @throws Error for a loan that was not */
export function releaseRate({ release, assessment, caseNumber }: SeededCase): string {
  if (!release) throw new Error(`${caseNumber} was not paid out`)
  return loanRate(release, assessment.homeOrder ?? 'first', assessment.months).value
}

/** Whoever took the decision to accept, which need not be who typed the form. */
const accepterOf = ({ walked, createdBy }: SeededCase, names: Names): string =>
  names.get(walked.decisions.find(({ action }) => action === 'accept')?.actor_id ?? '') ?? createdBy.name

const chosenGrounds = ({ reason_code: code, opinion, decided_on: decidedOn }: Decision): ChosenGrounds => ({
  reasonCodes: code ? [code] : [],
  opinion: opinion ?? '',
  on: decidedOn,
})
