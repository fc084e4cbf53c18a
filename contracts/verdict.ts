import type { Fen } from './money.ts'
import type { PlainDate } from './dates.ts'

/** A figure a rule used, as it is printed: whole fen, a count, a date, decimal text or a word. */
export type Figure = Fen | number | PlainDate | string | boolean

/** Whether a number comes from a published document or was assumed with a stated reason. */
export type Standing = 'PUBLISHED' | 'ASSUMED'

/** Who may override a refusal: a level of approver by special approval (特审), or nobody (law, holds, bans). */
export type Override = 'SPECIAL_APPROVAL' | 'NEVER'

/** One reason of a verdict: what the screen, the letter and the report all print. */
export interface Reason {
  readonly code: string
  readonly article: string
  readonly figures: Readonly<Record<string, Figure>>
  readonly text: string
  readonly override: Override
  /** ASSUMED as soon as one number that the reason rests on is. */
  readonly standing: Standing
}
