import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { fenText, positiveFenText } from '../money.ts'
import { accountNoText, businessType, currencyText, failureCode, serialText } from './bank.ts'
import { childRecord, deathRecord, marriageRecord } from './civil.ts'
import { fundLoanRecord } from './cities.ts'
import { creditRecord, dishonestRecord } from './credit.ts'
import { counterparts, documentNumberText, shortText } from './message.ts'
import { encumbranceRecord, filingRecord, homeRecord, mortgageCertificate, seizureRecord } from './registry.ts'

/**
 * How demo and tests set up the outside world, and how they make it misbehave. Spoken to the sandbox only, over its own unsigned
 * `/sandbox` addresses; no real counterpart knows these messages.
 */

export const sandboxPaths = {
  load: '/sandbox/load',
  scripts: '/sandbox/scripts',
  payments: '/sandbox/bank/payments',
  release: '/sandbox/bank/release',
  notices: '/sandbox/bank/notices',
  messages: '/sandbox/messages',
} as const

const personLoad = z.strictObject({
  idNumber: documentNumberText,
  name: z.string().min(1).max(100),
  marriage: marriageRecord.default({ state: 'NO_RECORD' }),
  children: z.array(childRecord).max(30).default([]),
  death: deathRecord.default({ state: 'NO_RECORD' }),
  /** Null: the bureau keeps no file. */
  credit: creditRecord.nullable().default(null),
  dishonestDebtor: dishonestRecord.default({ listed: false }),
  fundLoans: z.array(fundLoanRecord).max(200).default([]),
})

const homeLoad = homeRecord.extend({
  /** On whose books it is: each may miss what the other has. */
  knownTo: z.array(z.enum(['registry', 'housing'])).default(['registry', 'housing']),
  seizures: z.array(seizureRecord).default([]),
  mortgages: z.array(encumbranceRecord).default([]),
})

const accountLoad = z.strictObject({
  accountNo: accountNoText,
  ownerName: z.string().min(1).max(100),
  bankName: shortText,
  state: z.enum(['ACTIVE', 'DORMANT', 'FROZEN', 'CLOSED']),
  debitAgreement: z.boolean(),
})

const institutionLoad = z.strictObject({ institutionId: shortText, name: shortText, limitFen: fenText, validUntil: plainDateText })

const rows = <Row extends z.ZodType>(row: Row) => z.array(row).max(20_000).default([])

/** Bulk load. A row replaces the one with the same key, so loading twice is loading once; absent lists stay untouched. */
export const sandboxLoad = z.strictObject({
  persons: rows(personLoad),
  homes: rows(homeLoad),
  filings: rows(filingRecord),
  accounts: rows(accountLoad),
  institutions: rows(institutionLoad),
  /** Mortgages registered at the registry's own counter, by the number of their certificate. */
  certificates: rows(mortgageCertificate),
  /** Centres that do not answer the nationwide exchange; replaces the list when given. */
  silentCentres: z.array(shortText).optional(),
})
export type SandboxLoad = z.input<typeof sandboxLoad>
export type SandboxPerson = z.output<typeof personLoad>
export type SandboxHome = z.output<typeof homeLoad>
export type SandboxAccount = z.output<typeof accountLoad>
export type SandboxInstitution = z.output<typeof institutionLoad>

/** The rows as the sandbox keeps them, read again from its tables. */
export const sandboxRows = { person: personLoad, home: homeLoad, filing: filingRecord, account: accountLoad, institution: institutionLoad }

/**
 * How an answer is spoilt. All but `html`, `huge`, `truncated` and `unsigned` carry a good signature: a partner's own mistake.
 * The last two are for day files.
 */
export const garbageKind = z.enum([
  'html',
  'huge',
  'truncated',
  'unsigned',
  'not-json',
  'other-charset',
  'error-200',
  'wrong-amount',
  'wrong-currency',
  'other-id',
  'other-request',
  'short-file',
  'bad-line',
])
export type GarbageKind = z.output<typeof garbageKind>

/** How many notices of the final result are sent; 0 leaves the query and the day file to tell. */
const notices = z.number().int().min(0).max(5).default(1)
const queries = z.number().int().min(0).max(100).optional()

/** Trouble that any operation can have. `down` and `hang` come before anything is done; `answer-lost` after all of it. */
const transport = [
  z.strictObject({ kind: z.literal('down'), how: z.enum(['503', 'cut']).default('503') }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number().int().min(0).max(60_000) }),
  z.strictObject({ kind: z.literal('garbage'), garbage: garbageKind }),
  z.strictObject({ kind: z.literal('answer-lost'), notices }),
] as const

export const certificateFlaw = z.enum(['NOT_REGISTERED', 'OTHER_AMOUNT', 'OTHER_HOME', 'OTHER_HOLDER', 'CANCELLED'])
export type CertificateFlaw = z.output<typeof certificateFlaw>

/** Trouble of the trade itself: the message is perfect, the news is bad, late or contradictory. */
const trade = [
  z.strictObject({ kind: z.literal('failure'), failure: failureCode.default('ACCOUNT_NOT_FOUND'), notices }),
  /** Answers ACCEPTED; by then it has failed. */
  z.strictObject({ kind: z.literal('accepted-then-failed'), failure: failureCode.default('REJECTED_BY_PAYEE_BANK'), notices }),
  /** Answers ACCEPTED (RECEIVED, PENDING) to `queries` queries, or until released when no number is given. */
  z.strictObject({ kind: z.literal('late'), queries, outcome: z.enum(['SUCCEEDED', 'FAILED']).default('SUCCEEDED'), notices }),
  /** Succeeds; the same notice is sent twice. */
  z.strictObject({ kind: z.literal('twice') }),
  /** Succeeds; the notice is delivered before the reply to the order. */
  z.strictObject({ kind: z.literal('early-notice') }),
  /** Fails and says so; after `queries` queries (or release) the same serial has succeeded. */
  z.strictObject({ kind: z.literal('contradictory'), failure: failureCode.default('REJECTED_BY_PAYEE_BANK'), queries }),
  /** Succeeds and says so; on release the money has come back (退汇), and the same serial has failed. */
  z.strictObject({ kind: z.literal('sent-back'), failure: failureCode.default('REJECTED_BY_PAYEE_BANK') }),
  /** A registration returned, a guarantee declined, a message not delivered. */
  z.strictObject({ kind: z.literal('returned') }),
  /** A certificate read back: not there, of another amount, home or right holder, or cancelled. */
  z.strictObject({ kind: z.literal('certificate'), flaw: certificateFlaw }),
] as const

export const dayFileFlaw = z.enum(['OTHER_AMOUNT', 'OTHER_RESULT', 'UNKNOWN_KEY', 'TWICE', 'MISSING'])
export type DayFileFlaw = z.output<typeof dayFileFlaw>

/** A day file that is whole and signed, and wrong: every payment of another amount or result, of a key never sent, told twice, or left out. */
const files = [z.strictObject({ kind: z.literal('day-file'), flaw: dayFileFlaw })] as const

export const behaviour = z.discriminatedUnion('kind', [...transport, ...trade, ...files])
export type Behaviour = z.output<typeof behaviour>

/**
 * The next `count` requests to `service` behave so; of several scripts that fit, the oldest is used first. `operation` is the path of
 * the contract (`/payments/submit`); `match` is a serial, an identity number or any other text that a field of the request must equal.
 * `instead` of all that is scripted for the operation, with no moment between in which it would go well.
 */
export const requestScript = z.strictObject({
  service: z.enum(counterparts),
  operation: z.string().startsWith('/').optional(),
  match: z.string().min(1).optional(),
  count: z.number().int().min(1).max(10_000).default(1),
  instead: z.boolean().default(false),
  behaviour,
})

/**
 * A notice for a key that was never sent or, with a known serial, for another amount, of another day, or before its time: of success or of
 * acceptance, with nothing behind it. Sent at once, `count` times.
 */
export const phantomScript = z.strictObject({
  service: z.literal('bank'),
  count: z.number().int().min(1).max(5).default(1),
  behaviour: z.strictObject({
    kind: z.enum(['phantom-success', 'phantom-acceptance']),
    serial: serialText,
    amountFen: positiveFenText,
    currency: currencyText.default('CNY'),
    businessDate: plainDateText,
  }),
})

export type PhantomScript = z.output<typeof phantomScript>

/** The body of `POST /sandbox/scripts`. */
export type SandboxScript = z.input<typeof requestScript> | z.input<typeof phantomScript>

/** Lets a late or contradictory payment come to its end. */
export const paymentRelease = z.strictObject({ serial: serialText, bookedOn: plainDateText.optional() })

/** One payment as the bank has it. `successes` counts the entries in the bank's own ledger and is 0 or 1. */
export const sandboxPayment = z.object({
  serial: serialText,
  businessType,
  amountFen: positiveFenText,
  payeeAccountNo: accountNoText,
  state: z.enum(['ACCEPTED', 'SUCCEEDED', 'FAILED']),
  failure: failureCode.nullable(),
  bookedOn: plainDateText,
  successes: z.number().int(),
})
export const sandboxPayments = z.object({ payments: z.array(sandboxPayment) })
