import { randomUUID } from 'node:crypto'
import type { DecisionInput } from '#contracts/cases.ts'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import { REPAYMENT_METHODS, GUARANTEES, type LoanApplication } from '#contracts/loan.ts'
import { maskAccount, maskIdNumber } from '#contracts/masking.ts'
import { fen } from '#contracts/money.ts'
import { canonicalJson, snapshotId } from '#db/canonical.ts'
import type { Tx } from '#db/connect.ts'
import { readLoan, readVerdict } from '#db/read/loan.ts'
import type { BusinessTime } from '#db/read/time.ts'
import type { LockedCase } from '#db/write/cases.ts'
import { nextNumber } from '#db/write/numbers.ts'
import { assumptionsOn } from '#policy/assumptions.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { SCOPES, isEntity } from '#policy/scopes.ts'
import { materialLabel } from '#rules/loan/materials.ts'
import { loanStages } from '#rules/loan/stages.ts'
import { REASON_CODES, isReasonCode } from '#rules/reason-codes.ts'
import { datedSchedule } from '#rules/repayment/dated-schedule.ts'
import { firstInstalment } from '#rules/repayment/instalment.ts'
import { Bug } from '../bug.ts'
import type { PaperHead, PaperInput, PaperKind, PaperReason, Remedy } from '../papers/input.ts'
import type { Parts } from '../parts.ts'
import { readRulingPolicy } from '../policy.ts'
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
  const policy = await readRulingPolicy(tx, kase, time.today)
  const head = await headOf(tx, kase, kind, application, policy, time)
  const input = await INPUTS[kind]({ tx, kase, time, body, application, policy, head })
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

async function headOf(
  tx: Tx,
  kase: LockedCase,
  kind: PaperKind,
  application: LoanApplication,
  policy: PolicySnapshot,
  time: BusinessTime,
): Promise<PaperHead> {
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
    contact: { office: org.name, address: '各管理部办事大厅', phone: '12329' },
    copiesTo: ['申请人', '本中心存档'],
  }
}

const INPUTS: Record<PaperKind, (ground: Ground) => PaperInput | Promise<PaperInput>> = {
  ACCEPTANCE_RECEIPT: async ({ tx, kase, time, head }) => {
    const documents = await tx
      .selectFrom('document')
      .select('material')
      .where('case_id', '=', kase.case_id)
      .orderBy('uploaded_at')
      .execute()
    const clerk = kase.created_by
      ? await tx.selectFrom('staff').select('name').where('staff_id', '=', kase.created_by).executeTakeFirst()
      : undefined
    const unit = kase.clock_unit === 'WORKING' ? '个工作日' : '日'
    return {
      ...head,
      kind: 'ACCEPTANCE_RECEIPT',
      appliedOn: kase.created_on,
      acceptedOn: time.today,
      timeLimit: `${kase.clock_days_allowed ?? ''}${unit}`,
      decideBy: kase.due_on ?? time.today,
      materials:
        documents.length > 0
          ? documents.map((document) => ({ name: materialLabel(document.material), form: '电子件', count: 1 }))
          : [{ name: '住房公积金个人住房贷款申请表', form: '电子件', count: 1 }],
      receivedBy: clerk?.name ?? '',
    }
  },

  NON_ACCEPTANCE: ({ kase, head, body }) => ({
    ...head,
    kind: 'NON_ACCEPTANCE',
    appliedOn: kase.created_on,
    reasons: [chosenReason(body)],
    remedy: remedyOf(head),
  }),

  SUPPLEMENT: async ({ tx, kase, time, head, body }) => {
    const wants = await tx
      .selectFrom('want')
      .select(['item', 'reason'])
      .where('case_id', '=', kase.case_id)
      .where('satisfied_at', 'is', null)
      .execute()
    return {
      ...head,
      kind: 'SUPPLEMENT',
      acceptedOn: kase.accepted_on ?? kase.created_on,
      wants,
      replyBy: addDays(time.today, loanStages.SUPPLEMENT_PENDING.daysAllowed ?? 0),
      ...(body.secondNoticeReason ? { secondNoticeReason: body.secondNoticeReason } : {}),
    }
  },

  APPROVAL: async ({ tx, kase, time, head, body, application }) => {
    const loan = await readLoan(tx, kase.case_id)
    const rate = loan?.approved_rate ?? '0'
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

  REFUSAL: async ({ tx, kase, time, head, body, application, policy }) => {
    const verdict = await readVerdict(tx, kase.case_id, 'ASSESSMENT')
    const found =
      verdict?.outcome === 'refused'
        ? (JSON.parse(verdict.content) as { result: { reasons: { text: string; article: string }[] } }).result.reasons
        : []
    const reasons = found.length > 0 ? found.map(({ text, article }) => ({ text, article, figures: [] })) : [chosenReason(body)]
    const assumed = assumptionsOn('REFUSAL', policy, reasons.map(({ article }) => article))
    return {
      ...head,
      parameters: { ...head.parameters, assumed },
      kind: 'REFUSAL',
      acceptedOn: kase.accepted_on ?? time.today,
      askedFen: application.amountFen,
      askedTermMonths: application.months,
      reasons,
      remedy: remedyOf(head),
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

/** What the officer gave as reason: the code's own words and article, and the opinion. */
function chosenReason({ reasonCode, opinion }: Partial<DecisionInput>): PaperReason {
  const known = reasonCode && isReasonCode(reasonCode) ? REASON_CODES[reasonCode] : undefined
  const text = [known?.label, opinion].filter(Boolean).join('：')
  return { text: text || '不符合贷款条件', article: known?.article ?? `${REGULATION}第二十六条`, figures: [] }
}

/** Time limits of the Administrative Reconsideration Law and the Administrative Procedure Law. */
const remedyOf = (head: PaperHead): Remedy => ({
  explainedBy: head.contact.office,
  reviewBody: '本级人民政府',
  reviewDays: 60,
  court: '有管辖权的人民法院',
  courtMonths: 6,
  legalBasis: '《行政复议法》第二十条、《行政诉讼法》第四十六条',
})

/** Kept input back as what the papers take: whole fen are the fields that end in `Fen`. */
export function revivePaper(text: string): { input: PaperInput; issuedOn: PlainDate } {
  const input = JSON.parse(text, (key, value: unknown) =>
    key.endsWith('Fen') && typeof value === 'string' ? fen(BigInt(value)) : value,
  ) as PaperInput
  return { input, issuedOn: input.issuedOn }
}
