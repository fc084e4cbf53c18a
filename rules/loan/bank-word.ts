import type { PlainDate } from '#contracts/dates.ts'
import type { BankClaim } from '#contracts/findings.ts'
import { formatYuan, type Fen } from '#contracts/money.ts'
import { failureText } from '#contracts/payment-failures.ts'

/** What a bank says of how a payment ended, by answer, by notice or in its day file (日终对账文件). */
export type BankWord = { readonly amountFen: Fen } & (
  | { readonly state: 'SUCCEEDED'; readonly bankReference: string; readonly bookedOn: PlainDate }
  | { readonly state: 'FAILED'; readonly failure: string }
)

/** The payment as it stands on record. */
export interface RecordedPayment {
  readonly amountFen: Fen
  readonly state: 'CREATED' | 'SENT' | 'ACCEPTED' | 'UNKNOWN' | 'SUCCEEDED' | 'FAILED'
  readonly failure: string | null
  /** The day of the order: no bank books a payment before it. */
  readonly orderedOn: PlainDate
}

export type Judgement =
  /** It says how the payment ended, and nothing speaks against it. */
  | { readonly outcome: 'SETTLES' | 'AGREES'; readonly text: string }
  /** Nothing follows from it, and somebody must look. */
  | { readonly outcome: 'UNMATCHED' | 'WRONG_AMOUNT' | 'WRONG_DAY' | 'CONTRADICTS' | 'NEVER_SENT'; readonly text: string }

/**
 * What follows from a bank's word about a payment, and why not if nothing does. Whatever is of another amount is of another payment; what has
 * been settled stays so, whoever says otherwise later.
 * @param payment undefined when the serial is no payment of ours
 * @param today on which it is judged: no bank has booked anything tomorrow
 */
export function judgeBankWord(word: BankWord, payment: RecordedPayment | undefined, today: PlainDate): Judgement {
  if (!payment)
    return { outcome: 'UNMATCHED', text: `流水号不是本中心的划款（${formatYuan(word.amountFen)}元，${endText(word)}），不予处理` }
  if (word.amountFen !== payment.amountFen) {
    const [said, ours] = [formatYuan(word.amountFen), formatYuan(payment.amountFen)]
    return { outcome: 'WRONG_AMOUNT', text: `金额不符：银行所载${said}元，本笔划款${ours}元，不予核定` }
  }
  if (payment.state === 'SUCCEEDED' || payment.state === 'FAILED') {
    if (payment.state === word.state) return { outcome: 'AGREES', text: '与已核定的结果一致，无须处理' }
    const settled = payment.state === 'SUCCEEDED' ? '划款成功' : `划款失败（${failureText(payment.failure ?? '')}）`
    return { outcome: 'CONTRADICTS', text: `结果矛盾：本笔已核定为${settled}，银行又称${endText(word)}，原结果不变` }
  }
  if (payment.state === 'CREATED') return { outcome: 'NEVER_SENT', text: `本笔尚未发送银行，银行却称${endText(word)}，不予核定` }
  if (word.state === 'SUCCEEDED' && (word.bookedOn < payment.orderedOn || word.bookedOn > today)) {
    const against = word.bookedOn > today ? `尚在今日（${today}）之后` : `早于划款指令之日（${payment.orderedOn}）`
    return { outcome: 'WRONG_DAY', text: `入账日不符：银行所载入账日${word.bookedOn}${against}，不予核定` }
  }
  return { outcome: 'SETTLES', text: `据此核定为${endText(word)}` }
}

/** What a word says against a payment that has ended otherwise: the question that somebody has to answer. */
export const claimOf = (word: Pick<BankWord, 'state'>): BankClaim => (word.state === 'SUCCEEDED' ? 'PAID' : 'RETURNED')

const endText = (word: BankWord): string =>
  word.state === 'SUCCEEDED' ? `划款成功，银行流水 ${word.bankReference}` : `划款失败：${failureText(word.failure)}`

/**
 * The lines of one file that bear one serial, as one word. Said twice alike is said once; said differently, nothing is known.
 */
export function oneWord(words: readonly BankWord[]): BankWord | 'DIFFER' | undefined {
  const [first, ...more] = words
  return first && more.some((word) => word.amountFen !== first.amountFen || endText(word) !== endText(first)) ? 'DIFFER' : first
}
