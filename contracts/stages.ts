import type { Post } from './posts.ts'

/**
 * Step groups (办理环节组). Within one case a person holds at most one of them, whatever posts they hold (四眼原则);
 * repeating a step of one's own group after a return is allowed. Delegates count as the person.
 */
export type StepGroup =
  | 'DESK'
  | 'PRELIMINARY'
  | 'REVIEW'
  | 'APPROVAL'
  | 'PAYMENT_MAKER'
  | 'PAYMENT_CHECKER'
  | 'BANK_CHECK'
  | 'GUARANTOR_CHECK'
  | 'PROPOSE'
  | 'CONFIRM'

/** Whose time a stage takes: the centre's clock runs, the applicant's pauses it from the delivery of the notice, elsewhere there is none. */
export type ClockSide = 'CENTRE' | 'APPLICANT' | 'NONE'

/** What a decider must bring along. `step-up` is a fresh one-time code; `reason` a code of the reason catalogue with text. */
export type ActionNeed = 'opinion' | 'reason' | 'step-up' | 'answers' | 'wants' | 'terms' | 'contract' | 'mortgage' | 'delivery'

/** A field that is registered with a decision: the name it travels by, what it is called, and whether it is a day. */
export interface NeededField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'date'
  /** Not every case has it. */
  readonly optional?: true
}

/** What some needs ask to be registered: the screen offers these fields, and the deciding transaction misses those that were left empty. */
const FIELDS_NEEDED: Readonly<Record<string, readonly NeededField[]>> = {
  contract: [
    { name: 'contractNumber', label: '合同编号', type: 'text' },
    { name: 'signedOn', label: '签订日期', type: 'date' },
    { name: 'contractRatePercent', label: '合同写明的年利率（%），随公积金利率执行的不填', type: 'text', optional: true },
  ],
  mortgage: [
    { name: 'mortgageNumber', label: '不动产登记证明号', type: 'text' },
    { name: 'mortgageOn', label: '登记日期', type: 'date' },
  ],
  delivery: [
    { name: 'deliveredOn', label: '送达日期', type: 'date' },
    { name: 'deliveryMethod', label: '送达方式', type: 'text' },
  ],
} satisfies Partial<Record<ActionNeed, readonly NeededField[]>>

/** The fields to be registered for some needs, none for a need that asks for something else. */
export const fieldsNeeded = (needs: readonly string[]): NeededField[] => needs.flatMap((need) => FIELDS_NEEDED[need] ?? [])

export interface StageAction<S extends string = string> {
  readonly label: string
  /** Where it leads; with more than one, the decider names which. */
  readonly to: readonly [S, ...S[]]
  readonly needs?: readonly ActionNeed[]
  readonly tone: 'forward' | 'back' | 'end' | 'side'
  /** Outsiders have been told or money moved: the decider cannot take it back (撤回). */
  readonly irrevocable?: true
  /** Only when the record says so, checked in the deciding transaction; the words tell the officer what it waits for. */
  readonly onlyWhen?: string
}

export interface Stage<S extends string = string> {
  readonly label: string
  /** Column of the stage map; a return is an arc to a lower one. */
  readonly order: number
  /** The post that acts. Several: each of them must (会签). None: the machine acts, or the case has ended. */
  readonly posts: readonly Post[]
  readonly group?: StepGroup
  /** The group of each post where several must sign and each counts by itself. */
  readonly groups?: Readonly<Partial<Record<Post, StepGroup>>>
  readonly clock: ClockSide
  /** Working days the post should take in it; reminds, never decides. Where the applicant is awaited, those until the notice is delivered. */
  readonly daysAllowed?: number
  readonly machine?: true
  readonly terminal?: true
  /** Where a case is meant to end: the stage map shows it from the first day, unlike the other ends. */
  readonly aim?: true
  /** What was applied for may be corrected here, by whoever acts in it. */
  readonly amendable?: true
  readonly actions: Readonly<Record<string, StageAction<S>>>
}

/** The stages of a case kind: read by workflow (validator), API (what may I do), console (buttons) and stage map. Not a process language. */
export type StageTable<S extends string = string> = Readonly<Record<S, Stage<S>>>
