import { createHash } from 'node:crypto'
import * as bank from '#contracts/machine/bank.ts'
import { parseDayFile, type DayFile } from '#contracts/machine/day-file.ts'
import type { Provenance, QuestionOf } from '#contracts/machine/message.ts'
import type { PlainDate } from '#contracts/dates.ts'
import { ask, exchange, type PortConfig } from './call.ts'
import { PortFault, type PortFaultKind } from './fault.ts'

/** What is known after an order was handed to the bank. UNKNOWN says only that nothing is known: the money may have moved. */
export type SubmittedPayment =
  | (bank.PaymentStatus & { readonly provenance: Provenance })
  | { readonly state: 'UNKNOWN'; readonly because: PortFaultKind }

/**
 * Hands a payment order to the bank. Whatever is not the bank's own signed word about exactly this serial, amount and currency is
 * UNKNOWN: a refused connection too, because nothing on our side can tell it from one that was cut after the order had passed.
 * Never throws for what the world does, so that no caller is tempted to try again under a new serial.
 */
export async function submitPayment(config: PortConfig, order: bank.PaymentOrder): Promise<SubmittedPayment> {
  try {
    const { provenance, result } = await ask(config, bank.submitPayment, order)
    return { ...result, provenance }
  } catch (error) {
    if (error instanceof PortFault) return { state: 'UNKNOWN', because: error.kind }
    throw error
  }
}

/**
 * What the bank says of a serial: NOT_FOUND, ACCEPTED, SUCCEEDED or FAILED. Asking changes nothing and may be repeated.
 * NOT_FOUND soon after sending is no proof: the order may still be on its way.
 * @throws PortFault when there is no good answer, also when the bank names another amount or currency for the serial.
 */
export const queryPayment = (config: PortConfig, question: QuestionOf<typeof bank.queryPayment>) => ask(config, bank.queryPayment, question)

/** Repayment card, debit agreement and receiving account, when the contract is signed. @throws PortFault when there is no good answer. */
export const signingCheck = (config: PortConfig, question: QuestionOf<typeof bank.signingCheck>) => ask(config, bank.signingCheck, question)

export interface DownloadedDayFile {
  readonly file: DayFile
  readonly bytes: Uint8Array
  /** By which the same file is recognised when it comes again. */
  readonly sha256: string
}

/** A day of a large centre is some ten thousand payments of about a hundred bytes: the one reply that may exceed the usual cap. */
const DAY_FILE_BYTES_MAX = 16 * 1024 * 1024

/**
 * The bank's file of a business date. Its payments are those booked or failed on that day; unreadable lines are named, not dropped.
 * @throws PortFault `refused` when the day has no file, `garbled` when it is cut or not UTF-8, `mismatch` when it is of another day.
 */
export async function downloadDayFile(config: PortConfig, date: PlainDate): Promise<DownloadedDayFile> {
  const to = { counterpart: 'bank', path: `/day-files/${date}` } as const
  const bytes = await exchange(config, to, { method: 'GET', body: new Uint8Array(), replyBytesMax: DAY_FILE_BYTES_MAX })
  const file = parseDayFile(utf8(bytes) ?? '')
  if (!file) throw new PortFault('garbled', to.counterpart, to.path, 'not a whole file')
  if (file.date !== date) throw new PortFault('mismatch', to.counterpart, to.path, 'file of another day')
  return { file, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
