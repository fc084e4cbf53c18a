import type { PlainDate } from '#contracts/dates.ts'
import type { BankClaim, ClaimedPayment } from '#contracts/findings.ts'
import { formatYuan } from '#contracts/money.ts'
import { against, obstacle, type Obstacle } from '../cases/obstacle.ts'
import { loanStages, type LoanStage } from './stages.ts'

/** Where the approval under which a failed payment was ordered still stands, and nothing else has been granted or ended since. */
const STILL_TO_BE_PAID: readonly LoanStage[] = [
  'PAY_FAILED',
  'SECURED',
  'QUEUED',
  'RELEASE_CHECK',
  'RELEASE_HELD',
  'SENIOR_RELEASE',
  'RELEASE_REQUESTED',
  'VOID_REQUESTED',
  'VOID_SENIOR',
  'VOID_SPECIAL',
  'PAY_DISPUTED',
]

/**
 * May the record follow the bank, where the bank was right after all? Every reason against. What is not followed stays a question on the
 * incidents page, and no further payment is made meanwhile.
 */
export function mayFollowBank(payment: ClaimedPayment): Obstacle[] {
  return payment.claim === 'PAID' ? paidAfterAll(payment) : cameBack(payment)
}

/** 补记放款. Money that two payments have carried out is never booked twice: one of them has to come back. */
function paidAfterAll({ state, paymentNo, others, reversed, stage, approvedFen, amountFen }: ClaimedPayment): Obstacle[] {
  return [
    ...against(state !== 'FAILED', '本笔划款的记录已与银行所称一致'),
    ...others.map((other) => doublePayment(paymentNo, other)),
    ...against(reversed, '本笔划款已作红字冲销，不能再次入账；须向银行查明并追回款项'),
    ...against(
      !(STILL_TO_BE_PAID as readonly string[]).includes(stage),
      `本案已在“${labelOf(stage)}”环节，批准当时的放款不能补记；须向银行追回款项`,
    ),
    ...against(
      approvedFen !== null && approvedFen !== amountFen,
      `本案的批准金额已变更，与本笔划款的${formatYuan(amountFen)}元不符，不能补记`,
    ),
  ]
}

const doublePayment = (own: number, { paymentNo, settled }: ClaimedPayment['others'][number]): Obstacle =>
  obstacle(
    'RULES_REFUSE',
    `本案第${paymentNo}笔划款${settled ? '已经成功' : '尚在途中'}：银行如确已付出第${own}笔，即为重复付款，不得补记；须向银行追回，追回之前本项保持未处理`,
  )

/** 红字冲销. Only a loan on which nothing has happened since is taken off the books whole. */
function cameBack({ state, stage, loan }: ClaimedPayment): Obstacle[] {
  return [
    ...against(state !== 'SUCCEEDED', '本笔划款的记录已与银行所称一致'),
    ...against(!['DISBURSED', 'PAY_DISPUTED'].includes(stage), `本案现在“${labelOf(stage)}”环节，没有可以冲销的放款`),
    ...against(
      loan !== null && (loan.state !== 'NORMAL' || loan.balanceFen !== loan.principalFen),
      '贷款发放后已有还款或者变动，不能整笔冲销，须先由会计处理',
    ),
  ]
}

/** The bank's day of what it has done: not before what it followed upon, and not still to come. */
export function bankDayObstacles(
  payment: Pick<ClaimedPayment, 'orderedOn' | 'bookedOn' | 'claim'>,
  day: PlainDate,
  today: PlainDate,
): Obstacle[] {
  const from = firstDayOf(payment)
  return [
    ...against(day < from, `${DAY_WORDS[payment.claim]}不得早于${from}`),
    ...against(day > today, `${DAY_WORDS[payment.claim]}不得晚于今日（${today}）`),
  ]
}

/** The first day on which the bank can have done what it says. */
export const firstDayOf = ({ claim, orderedOn, bookedOn }: Pick<ClaimedPayment, 'orderedOn' | 'bookedOn' | 'claim'>): PlainDate =>
  claim === 'RETURNED' ? (bookedOn ?? orderedOn) : orderedOn

const DAY_WORDS = { PAID: '入账日期', RETURNED: '退回日期' } as const satisfies Record<BankClaim, string>

/** What a finding awaits, and who has made it: whoever did, and whom they acted for. */
export interface AwaitedFinding {
  readonly foundBy: readonly string[]
  readonly payment: ClaimedPayment
}

/**
 * May these persons decide on the finding that is awaited? Whoever found it does not, nor anybody in their name; and an act about money that
 * went out is none about money that came back.
 */
export function mayDecideFinding(
  claim: BankClaim,
  confirms: boolean,
  finding: AwaitedFinding | undefined,
  persons: readonly string[] = [],
): Obstacle[] {
  if (!finding) return [obstacle('CONFLICT', '没有待确认的认定')]
  if (finding.payment.claim !== claim)
    return [obstacle('CONFLICT', finding.payment.claim === 'PAID' ? '本项认定的是银行确已付款' : '本项认定的是款项确已退回')]
  return [
    ...(finding.foundBy.some((one) => persons.includes(one)) ? [obstacle('FOUR_EYES', '认定由您或被代理人作出，须由他人确认')] : []),
    ...(confirms ? mayFollowBank(finding.payment) : []),
  ]
}

const labelOf = (stage: string): string => (Object.hasOwn(loanStages, stage) ? loanStages[stage as LoanStage].label : stage)
