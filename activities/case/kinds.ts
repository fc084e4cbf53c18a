import type { CaseKind, DecisionInput } from '#contracts/cases.ts'
import type { Tx } from '#db/connect.ts'
import type { BusinessTime } from '#db/read/time.ts'
import type { LockedCase } from '#db/write/cases.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import type { Parts } from '../parts.ts'
import { loanKind } from '../loan/kind.ts'
import { staffChangeKind } from '../staff-change.ts'

/** What is being decided, as far as a kind of case has a say in it. */
export interface Judged {
  readonly kase: LockedCase
  readonly action: string
  readonly body: DecisionInput
  readonly actorId: string
  /** The actor, and whom they act for: what one of them must not do, none of them does. */
  readonly persons: readonly string[]
  readonly post: string
  readonly time: BusinessTime
}

/** What each kind of case adds to the common way of deciding. */
export interface KindOfCase {
  /** What the record or the rules have against it; every reason. */
  obstacles(tx: Tx, judged: Judged, parts: Parts): Promise<Obstacle[]>
  /** What else becomes true with the decision, in its transaction. Runs before the stage changes. */
  effects(tx: Tx, judged: Judged, parts: Parts): Promise<void>
}

export const kinds = { loan: loanKind, 'staff-change': staffChangeKind } satisfies Record<CaseKind, KindOfCase>
