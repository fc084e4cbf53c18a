import { randomUUID } from 'node:crypto'
import type { DecisionInput } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import { REPAYMENT_METHODS, GUARANTEES, type LoanApplication } from '#contracts/loan.ts'
import { maskAccount, maskIdNumber } from '#contracts/masking.ts'
import { fen } from '#contracts/money.ts'
import { verdictContent } from '#contracts/recorded-verdict.ts'
import { canonicalJson, snapshotId } from '#db/canonical.ts'
import type { Tx } from '#db/connect.ts'
import { readLoan, readVerdict } from '#db/read/loan.ts'
import { readAccepter, readMaterialsTaken } from '#db/read/materials.ts'
import type { BusinessTime } from '#db/read/time.ts'
import type { LockedCase } from '#db/write/cases.ts'
import { nextNumber } from '#db/write/numbers.ts'
import { openWants } from '#db/write/wants.ts'
import { assumptionsOn } from '#policy/assumptions.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { SCOPES, isEntity } from '#policy/scopes.ts'
import { materialLabel } from '#rules/loan/materials.ts'
import { refusalGrounds, type ChosenGrounds } from '#rules/loan/refusal-grounds.ts'
import { addressOf, remedyOf } from '#rules/loan/remedy.ts'
import { datedSchedule } from '#rules/repayment/dated-schedule.ts'
import { firstInstalment } from '#rules/repayment/instalment.ts'
import { Bug } from '../bug.ts'
import type { PaperHead, PaperInput, PaperKind } from '../papers/input.ts'
import type { Parts } from '../parts.ts'
import { readGoverningPolicy, readRulingPolicy } from '../policy.ts'
import { applicationOf } from './application.ts'

const REGULATION = '《住房公积金管理条例》'
const WORDS: Record<PaperKind, { readonly word: string; readonly basis: readonly string[] }> = {
  ACCEPTANCE_RECEIPT: { word: '贷受', basis: [`${REGULATION}第二十六条`] },
  NON_ACCEPTANCE: { word: '贷不受', basis: [`${REGULATION}第二十六条`] },
  SUPPLEMENT: { word: '贷补', basis: [`${REGULATION}第二十六条`] },
  APPROVAL: { word: '贷准', basis: [`${REGULATION}第二十六条`] },
  REFUSAL: { word: '贷不准', basis: [`${REGULATION}第二十六条`] },
  REPAYMENT_PLAN: { word: '贷还', basis: [`${REGULATION}第二十六条`, '借款合同'] },
}

interface Ground {
  readonly tx: Tx
  readonly kase: LockedCase
  readonly time: BusinessTime
  readonly body: Partial<DecisionInput>
  readonly application: LoanApplication
  readonly policy: PolicySnapshot
  /** Of the day of the letter: to whom one may turn. */
  readonly letter: PolicySnapshot
  readonly head: PaperHead
}

/**
 * Issues a paper in the transaction that makes it due: its number, and everything it prints as canonical text. The file is made from that
 * text when it is first asked for, and is the same whenever that is. Issuing the same paper at the same version again changes nothing.
 */
export async function issuePaper(
  tx: Tx,
  parts: Parts,
  kase: LockedCase,
  kind: PaperKind,
  time: BusinessTime,
  body: Partial<DecisionInput> = {},
): Promise<void> {
  const application = await applicationOf(tx, parts.vault, kase.case_id)
  const policy = await policyOf(tx, kase, kind, time)
  const letter = await readGoverningPolicy(tx, kase, ['reviewBody', 'officeAddress'], { ...time, signedOn: null, disbursedOn: null })
  const head = await headOf({ tx, kase, application, policy, time, letter }, kind)
  const input = await INPUTS[kind]({ tx, kase, time, body, application, policy, letter, head })
  await tx
    .insertInto('paper')
    .values({
      paper_id: randomUUID(),
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      kind,
      paper_number: head.paperNumber,
      stage_version: kase.stage_version,
      input: canonicalJson(input),
      template: null,
      sha256: null,
      issued_on: time.today,
      issued_at: time.now,
      delivered_on: null,
    })
    .onConflict((conflict) => conflict.columns(['case_id', 'kind', 'stage_version']).doNothing())
    .execute()
}

/** The plan goes by the policy of the day of the contract, the notice by that of its own day; whatever else is printed, by what ruled the case. */
async function policyOf(tx: Tx, kase: LockedCase, kind: PaperKind, { today }: BusinessTime): Promise<PolicySnapshot> {
  if (kind !== 'REPAYMENT_PLAN' && kind !== 'SUPPLEMENT') return readRulingPolicy(tx, kase, today)
  const loan = await readLoan(tx, kase.case_id)
  const days = { today, signedOn: loan?.signed_on ?? null, disbursedOn: loan?.disbursed_on ?? null }
  return readGoverningPolicy(tx, kase, kind === 'SUPPLEMENT' ? ['answerDays'] : ['firstPeriod', 'repricingSplit'], days)
}

async function headOf({ tx, kase, application, policy, time, letter }: Omit<Ground, 'body' | 'head'>, kind: PaperKind): Promise<PaperHead> {
  const year = Number(time.today.slice(0, 4))
  const sequence = await nextNumber(tx, `paper/${kase.reporting_entity}/${kind}`, year)
  const org = await tx.selectFrom('org').select('name').where('org_id', '=', kase.org_id).executeTakeFirstOrThrow()
  return {
    centreName: isEntity(kase.reporting_entity) ? SCOPES[kase.reporting_entity].label : '住房公积金管理中心',
    paperNumber: `${kase.reporting_entity === 'changyuan' ? '长' : '新'}公积金${WORDS[kind].word}〔${year}〕${sequence}号`,
    caseNumber: kase.case_number,
    addressee: application.borrower.name,
    matter: '住房公积金个人住房贷款',
    issuedOn: time.today,
    legalBasis: WORDS[kind].basis,
    parameters: { asOf: policy.date, snapshotId: snapshotId(policy), assumed: assumptionsOn(kind, policy) },
    contact: { office: org.name, address: addressOf(letter), phone: '12329' },
    copiesTo: ['申请人', '本中心存档'],
  }
}

const INPUTS: Record<PaperKind, (ground: Ground) => PaperInput | Promise<PaperInput>> = {
  ACCEPTANCE_RECEIPT: async ({ tx, kase, time, head }) => ({
    ...head,
    kind: 'ACCEPTANCE_RECEIPT',
    appliedOn: kase.created_on,
    acceptedOn: time.today,
    timeLimit: `${kase.clock_days_allowed ?? ''}${kase.clock_unit === 'WORKING' ? '个工作日' : '日'}`,
    decideBy: kase.due_on,
    materials: (await readMaterialsTaken(tx, kase.case_id)).map(({ material, count }) => ({
      name: materialLabel(material),
      form: '电子件',
      count,
    })),
    receivedBy: (await readAccepter(tx, kase.case_id)) ?? '',
  }),

  NON_ACCEPTANCE: ({ kase, time, head, body, letter }) => ({
    ...head,
    parameters: { ...head.parameters, assumed: assumptionsOn('REMEDY', letter) },
    kind: 'NON_ACCEPTANCE',
    appliedOn: kase.created_on,
    reasons: refusalGrounds([], chosenGrounds({ kase, time, body })),
    remedy: remedyOf(head.contact.office, letter),
  }),

  SUPPLEMENT: async ({ tx, kase, head, body, policy }) => {
    const wants = (await openWants(tx, kase.case_id)).map(({ item, reason }) => ({ item, reason }))
    return {
      ...head,
      kind: 'SUPPLEMENT',
      appliedOn: kase.created_on,
      acceptedOn: kase.accepted_on,
      wants,
      answerDays: policy.values.answerDays?.value ?? null,
      ...(body.secondNoticeReason ? { secondNoticeReason: body.secondNoticeReason } : {}),
    }
  },

  APPROVAL: async ({ tx, kase, time, head, body, application }) => {
    const loan = await readLoan(tx, kase.case_id)
    const rate = loan?.approved_rate
    if (!rate) throw new Bug('what was granted has its rate')
    const [amountFen, months] = [body.terms?.amountFen ?? fen(0n), body.terms?.months ?? 0]
    return {
      ...head,
      kind: 'APPROVAL',
      acceptedOn: kase.accepted_on ?? time.today,
      borrowers: borrowersOf(application),
      property: application.home.address,
      amountFen,
      termMonths: months,
      annualRatePercent: rate.replace(/(\.\d{2}\d*?)0+$/, '$1'),
      repaymentMethod: REPAYMENT_METHODS[application.method],
      firstInstalmentFen: firstInstalment(application.method, amountFen, rate, months),
      security: GUARANTEES[application.guarantee.kind],
      conditions: ['签订借款合同和担保合同', '办妥抵押登记或者落实担保', '放款日执行的利率与本通知不一致的，以放款日利率为准'],
      validUntil: loan?.approval_valid_to ?? time.today,
    }
  },

  REFUSAL: async ({ tx, kase, time, head, body, application, policy, letter }) => {
    const verdict = await readVerdict(tx, kase.case_id, 'ASSESSMENT')
    const found = verdict ? verdictContent(verdict.content).result.reasons : []
    const reasons = refusalGrounds(found, chosenGrounds({ kase, time, body }))
    const assumed = assumptionsOn(
      'REFUSAL',
      policy,
      reasons.map(({ article }) => article),
    )
    return {
      ...head,
      parameters: { ...head.parameters, assumed: [...assumed, ...assumptionsOn('REMEDY', letter)] },
      kind: 'REFUSAL',
      acceptedOn: kase.accepted_on ?? time.today,
      askedFen: application.amountFen,
      askedTermMonths: application.months,
      reasons,
      remedy: remedyOf(head.contact.office, letter),
    }
  },

  REPAYMENT_PLAN: async ({ tx, kase, head, application, policy }) => {
    const loan = await readLoan(tx, kase.case_id)
    if (!loan?.disbursed_fen || !loan.approved_months || !loan.rate_percent || !loan.disbursed_on)
      throw new Bug('a plan needs a released loan')
    const ratePercent = loan.rate_percent.replace(/(\.\d{2}\d*?)0+$/, '$1')
    const plan = datedSchedule({
      principalFen: fen(loan.disbursed_fen),
      months: loan.approved_months,
      method: application.method,
      releasedOn: loan.disbursed_on,
      repaymentDay: application.repaymentDay,
      rates: [{ effectiveOn: loan.disbursed_on, ratePercent }],
      firstPeriod: policy.values.firstPeriod.value,
      repricingSplit: policy.values.repricingSplit.value,
    })
    return {
      ...head,
      kind: 'REPAYMENT_PLAN',
      contractNumber: loan.contract_number ?? '',
      borrower: application.borrower.name,
      principalFen: fen(loan.disbursed_fen),
      annualRatePercent: ratePercent,
      repaymentMethod: REPAYMENT_METHODS[application.method],
      disbursedOn: loan.disbursed_on,
      repaymentAccountMasked: maskAccount(application.repaymentCard.number),
      instalments: plan.map((one) => ({
        period: one.no,
        dueOn: one.dueOn,
        principalFen: one.principalFen,
        interestFen: one.interestFen,
        balanceFen: one.closingFen,
      })),
    }
  },
}

const borrowersOf = ({ borrower, spouse, coBorrowers }: LoanApplication) => [
  { name: borrower.name, idNumberMasked: maskIdNumber(borrower.idNumber), role: '借款人' },
  ...(spouse ? [{ name: spouse.name, idNumberMasked: maskIdNumber(spouse.idNumber), role: '配偶' }] : []),
  ...coBorrowers.map((one) => ({ name: one.name, idNumberMasked: maskIdNumber(one.idNumber), role: '共同借款人' })),
]

function chosenGrounds({ kase, time, body }: Pick<Ground, 'kase' | 'time' | 'body'>): ChosenGrounds {
  const { reasonCode, furtherReasonCodes = [], opinion = '' } = body
  return { reasonCodes: [...(reasonCode ? [reasonCode] : []), ...furtherReasonCodes], opinion, on: kase.accepted_on ?? time.today }
}

/** Kept input back as what the papers take: whole fen are the fields that end in `Fen`. */
export function revivePaper(text: string): { input: PaperInput; issuedOn: PlainDate } {
  const input = JSON.parse(text, (key, value: unknown) =>
    key.endsWith('Fen') && typeof value === 'string' ? fen(BigInt(value)) : value,
  ) as PaperInput
  return { input, issuedOn: input.issuedOn }
}
