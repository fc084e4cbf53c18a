import { DELIVERED, DETOURS, EXITS, OPEN_STAGES, PATHS, type Destination, type Move } from './paths.ts'

/** One case to be: where it stands, and since when. */
export interface CaseWish {
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
  'SIGNED',
  'PRELIM_REVIEW',
  'SUPPLEMENT_PENDING',
  'REVIEW',
  'APPROVED',
  'SECURITY_PENDING',
  'SUBMITTED',
  'SIGNED',
  'PRELIM_REVIEW',
  'APPROVED',
  'SECURITY_PENDING',
  'APPROVAL',
  'RETURNED',
  'REVIEW',
  'SIGNED',
  'MANUAL_CHECK',
  'SECURED',
  'PRELIM_REVIEW',
  'RELEASE_REQUESTED',
  'CORRECTION_REQUESTED',
  'SUBMITTED',
]

/** Working days in the stage by its turn: a few near their end, one review long past it, one approval that has run out of time. */
const WAITING: Readonly<Partial<Record<Destination, readonly number[]>>> = {
  PRELIM_REVIEW: [0, 1, 2, 8, 4],
  REVIEW: [1, 12, 0, 7, 2],
  APPROVAL: [0, 7, 2, 1],
  APPROVED: [2, 66, 1, 9],
  CORRECTION_REQUESTED: [6, 14],
  SUPPLEMENT_PENDING: [3, 1, 10],
  MANUAL_CHECK: [0, 3],
  SECURITY_PENDING: [2, 8],
  QUEUED: [5],
}
const ORDINARY = [0, 1, 2]

/** Ways round, by destination and turn. */
const BY_DETOUR: Readonly<Partial<Record<Destination, Readonly<Record<number, readonly Move[]>>>>> = {
  PRELIM_REVIEW: { 2: DETOURS.SENT_BACK, 4: DETOURS.CORRECTED, 7: DETOURS.SENT_BACK },
  REVIEW: { 2: DETOURS.SUPPLEMENTED, 4: DETOURS.SUPPLEMENTED },
  APPROVED: { 2: DETOURS.STOOD_IN },
}

/** What is open on the first day, in an order that shows every stage as soon as there are as many cases. */
export function openPlans(count: number): CaseWish[] {
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
    const way = BY_DETOUR[destination]?.[turn] ?? PATHS[destination]
    return { destination, moves: [...way, ...delivered], waiting: waiting[turn % waiting.length] ?? 0 }
  })
}

/** Working days since each way out was taken: an approval expires long after it was given, a refusal may have been last week. */
const ENDED_AGO = [3, 9, 1, 6, 14, 2, 20, 11]

/** What has ended otherwise than in a loan, of every way out as many. */
export const endedPlans = (count: number): CaseWish[] =>
  Array.from({ length: count }, (_, index) => {
    const destination = EXITS[index % EXITS.length] ?? 'WITHDRAWN'
    return { destination, moves: PATHS[destination], waiting: ENDED_AGO[index % ENDED_AGO.length] ?? 1 }
  })
