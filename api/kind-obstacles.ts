import { readLoanAgainst } from '#activities/loan/against.ts'
import type { CaseKind } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db } from '#db/connect.ts'
import { readStaffChangeRecord } from '#db/read/staff-change.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { isLoanMaterial } from '#rules/loan/materials.ts'
import { mayConfirm } from '#rules/staff-change/may-confirm.ts'

interface Standing {
  readonly case_id: string
  readonly kind: string
  readonly stage: string
  readonly reporting_entity: string
}
/** Against an action, or against one of the places it leads to. */
type ByAction = (action: string, to?: string) => Obstacle[]

/** What each kind's record has against each action, by the rules the deciding transaction asks again. */
const KINDS = {
  loan: async (db, kase, today, persons) => {
    const record = await readLoanAgainst(db, kase, today)
    // Wants may come with the decision itself, so their absence closes no button.
    return (action, to) => record.against(action, { persons, to, wants: action === 'supplement' ? 1 : 0 })
  },
  'staff-change': async (db, kase, today, persons) => {
    const against = kase.stage === 'PROPOSED' ? mayConfirm(await readStaffChangeRecord(db, kase.case_id, today), persons) : []
    return (action) => (action === 'confirm' ? against : [])
  },
} satisfies Record<CaseKind, (db: Db, kase: Standing, today: PlainDate, persons: readonly string[]) => Promise<ByAction>>

/** @param persons who asks, and whom they would act for */
export const kindObstacles = (db: Db, kase: Standing, today: PlainDate, persons: readonly string[]): Promise<ByAction> =>
  KINDS[kase.kind as CaseKind](db, kase, today, persons)

/** What each kind's checklist takes. A kind without one takes nothing. */
const CHECKLISTS = { loan: isLoanMaterial, 'staff-change': () => false } satisfies Record<CaseKind, (material: string) => boolean>

/** Whether a kind of case asks for this material at all. */
export const isOnChecklist = (kind: string, material: string): boolean => CHECKLISTS[kind as CaseKind](material)
