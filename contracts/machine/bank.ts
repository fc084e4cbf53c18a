import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { positiveFenText } from '../money.ts'
import { documentNumberText, head, instantText, operation, personRef, shortText } from './message.ts'

/** One number per payment, for ever: the bank pays a serial at most once, and a lost answer is asked for by it. */
export const serialText = z.string().regex(/^[A-Z0-9-]{8,40}$/, { error: '支付流水号须为 8 至 40 位大写字母、数字或连字符' })

/** Checked against what was asked, so any code is well-formed here. */
export const currencyText = z.string().regex(/^[A-Z]{3}$/)

export const accountNoText = z.string().regex(/^\d{8,32}$/, { error: '账号须为 8 至 32 位数字' })

const account = z.strictObject({ accountNo: accountNoText, ownerName: z.string().min(1).max(100), bankName: shortText })

export const failureCode = z.enum([
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_CLOSED',
  'ACCOUNT_FROZEN',
  'NAME_MISMATCH',
  'INSUFFICIENT_FUNDS',
  'REJECTED_BY_PAYEE_BANK',
])
export type FailureCode = z.output<typeof failureCode>

export const businessType = z.enum(['LOAN_RELEASE', 'WITHDRAWAL', 'ENFORCEMENT_DEDUCTION', 'TRANSFER_OUT', 'REFUND'])

export const paymentOrder = z.strictObject({
  ...head,
  serial: serialText,
  businessType,
  settlement: z.enum(['SAME_BANK', 'OTHER_BANK_REAL_TIME', 'OTHER_BANK_DEFERRED']),
  amountFen: positiveFenText,
  currency: z.literal('CNY'),
  payer: account,
  payee: account,
  /** 摘要, printed on the payee's statement. */
  summary: z.string().min(1).max(60),
})
export type PaymentOrder = z.output<typeof paymentOrder>

const aboutPayment = { serial: serialText, amountFen: positiveFenText, currency: currencyText } as const

/** What the bank says of one serial. A success carries the bank's own reference and the day it was booked. */
export const paymentStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ACCEPTED'), ...aboutPayment }),
  z.object({ state: z.literal('SUCCEEDED'), ...aboutPayment, bankReference: shortText, bookedOn: plainDateText }),
  z.object({ state: z.literal('FAILED'), ...aboutPayment, failure: failureCode }),
])
export type PaymentStatus = z.output<typeof paymentStatus>

interface PaymentTerms {
  readonly serial: string
  readonly amountFen: bigint
  readonly currency: string
}

const samePayment = (asked: PaymentTerms, told: PaymentTerms): boolean =>
  told.serial === asked.serial && told.amountFen === asked.amountFen && told.currency === asked.currency

/** Single payment (101 单笔付款). Idempotent by serial; the same serial with other terms is refused. */
export const submitPayment = operation({
  counterpart: 'bank',
  path: '/payments/submit',
  request: paymentOrder,
  result: paymentStatus,
  concerns: samePayment,
})

/** Result of a payment (110 交易结果查询). The terms are repeated so that the answer can be held against them. */
export const queryPayment = operation({
  counterpart: 'bank',
  path: '/payments/query',
  request: z.strictObject({ ...head, serial: serialText, amountFen: positiveFenText, currency: z.literal('CNY') }),
  result: z.discriminatedUnion('state', [...paymentStatus.options, z.object({ state: z.literal('NOT_FOUND'), serial: serialText })]),
  concerns: (asked, told) => (told.state === 'NOT_FOUND' ? told.serial === asked.serial : samePayment(asked, told)),
})

/**
 * Account notice (100 账户变动通知), sent by the bank to our `/machine/bank/notices`. It may come twice, before the reply to the
 * order, out of order, or for a serial nobody knows: the receiver books nothing that it cannot match.
 */
export const accountNotice = z.strictObject({
  noticeId: z.string().regex(/^[A-Z0-9-]{8,80}$/),
  businessDate: plainDateText,
  sentAt: instantText,
  payment: paymentStatus,
})
export type AccountNotice = z.output<typeof accountNotice>

/** A notice as it is kept until its case takes it: the bank's word on the payment, whole. */
export const storedNotice = z.object({ noticeId: z.string(), payment: paymentStatus })

/** Where the bank delivers its notices, under the API's own origin. */
export const accountNoticePath = '/machine/bank/notices'

/** Checks at the counter of the entrusted bank when the contract is signed (委托银行签约核验). */
export const signingCheck = operation({
  counterpart: 'bank',
  path: '/signing-checks',
  request: z.strictObject({
    ...head,
    contractNo: shortText,
    borrower: personRef,
    repaymentCardNo: accountNoText,
    /** 户名: borrower, spouse or co-borrower. */
    repaymentCardOwner: z.string().min(1).max(100),
    receivingAccount: account,
  }),
  result: z.object({
    contractNo: shortText,
    subject: documentNumberText,
    /** Dormant cards are blocked by the bank after months without movement: the first instalment would fail. */
    repaymentCard: z.enum(['ACTIVE', 'DORMANT', 'CLOSED', 'NAME_MISMATCH', 'NOT_FOUND']),
    debitAgreement: z.enum(['SIGNED', 'MISSING']),
    receivingAccount: z.enum(['VALID', 'FROZEN', 'CLOSED', 'NAME_MISMATCH', 'NOT_FOUND']),
  }),
  concerns: (asked, told) => told.contractNo === asked.contractNo && told.subject === asked.borrower.idNumber,
})
