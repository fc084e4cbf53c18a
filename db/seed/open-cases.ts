import type { PlainDate } from '#contracts/dates.ts'
import { DELIVERED, OPEN_STAGES, PATHS, type Destination, type Move } from './paths.ts'

/** One open case to be: where it stands, and since when. */
export interface OpenPlan {
  readonly destination: Destination
  readonly moves: readonly Move[]
  /** Working days it has lain in its stage. */
  readonly waiting: number
}

/** A busy office: after one of each, most wait where people read and sign. */
const BUSY: readonly Destination[] = [
  'PRELIM_REVIEW',
  'REVIEW',
  'SUBMITTED',
  'APPROVAL',
  'PRELIM_REVIEW',
  'SUPPLEMENT_PENDING',
  'REVIEW',
  'APPROVED',
  'SUBMITTED',
  'SIGNED',
  'PRELIM_REVIEW',
  'SECURITY_PENDING',
  'APPROVAL',
  'RETURNED',
  'REVIEW',
  'MANUAL_CHECK',
  'SECURED',
  'PRELIM_REVIEW',
  'RELEASE_REQUESTED',
  'CORRECTION_REQUESTED',
  'APPROVAL',
]

/** Working days in the stage by its turn: a few near their end, one review long past it, one approval that has run out of time. */
const WAITING: Readonly<Partial<Record<Destination, readonly number[]>>> = {
  PRELIM_REVIEW: [0, 1, 4, 8, 2],
  REVIEW: [1, 12, 0, 7, 2],
  APPROVAL: [0, 7, 2, 1],
  APPROVED: [2, 66, 9],
  CORRECTION_REQUESTED: [6, 14],
  SUPPLEMENT_PENDING: [3, 1, 10],
  MANUAL_CHECK: [0, 3],
  SECURITY_PENDING: [2, 8],
  QUEUED: [5],
}
const ORDINARY = [0, 1, 2]

/** What is open on the first day, in an order that shows every stage as soon as there are as many cases. */
export function openPlans(count: number): OpenPlan[] {
  const turns = new Map<Destination, number>()
  const destinations = Array.from(
    { length: count },
    (_, index) => OPEN_STAGES[index] ?? BUSY[(index - OPEN_STAGES.length) % BUSY.length] ?? 'SUBMITTED',
  )
  return destinations.map((destination) => {
    const turn = turns.get(destination) ?? 0
    turns.set(destination, turn + 1)
    const waiting = WAITING[destination] ?? ORDINARY
    // Of the notices every other one has been delivered, and only then does the clock stand.
    const delivered = destination === 'SUPPLEMENT_PENDING' && turn % 2 === 0 ? [DELIVERED] : []
    return { destination, moves: [...PATHS[destination], ...delivered], waiting: waiting[turn % waiting.length] ?? 0 }
  })
}

/** What deciders bring: the terms of the verdict, the number of the contract, that of the certificate, the day of delivery. */
export const broughtBy =
  (terms: { readonly amountFen: string; readonly months: number }, caseNumber: string) =>
  (move: Move, on: PlainDate): { terms?: typeof terms; fields?: Record<string, string> } => {
    const digits = `${caseNumber.startsWith('新') ? 'X' : 'C'}${caseNumber.replaceAll(/\D/g, '')}`
    if ((move.stage === 'REVIEW' && move.action === 'pass') || move.action === 'approve') return { terms }
    if (move.action === 'sign') return { fields: { contractNumber: `JK${digits}`, signedOn: on } }
    if (move.action === 'secure') return { fields: { mortgageNumber: `DY${digits}`, mortgageOn: on } }
    if (move.action === 'deliver') return { fields: { deliveredOn: on, deliveryMethod: '当面送达' } }
    return {}
  }
