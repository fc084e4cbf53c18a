import { readPolicy } from '#activities/policy.ts'
import type { CaseKind } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db } from '#db/connect.ts'
import { readLoanRecord } from '#db/read/loan-record.ts'
import { readStaffChangeRecord } from '#db/read/staff-change.ts'
import { readReleaseQueue } from '#db/read/release-queue.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { isLoanMaterial } from '#rules/loan/materials.ts'
import { mayDecideLoan } from '#rules/loan/may-decide.ts'
import { mayConfirm } from '#rules/staff-change/may-confirm.ts'
import { roomToRelease } from '#rules/loan/room-to-release.ts'

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
    const record = await readLoanRecord(db, kase.case_id, today)
    // Wants may come with the decision itself, so their absence closes no button.
    const asIfWanted = { ...record, openWants: Math.max(1, record.openWants) }
    const wait = kase.stage === 'QUEUED' ? await queueObstacles(db, kase, today) : []
    return (action, to) => [
      ...mayDecideLoan(kase.stage, action, action === 'supplement' ? asIfWanted : record, { persons, to }),
      ...(action === 'admit' ? wait : []),
    ]
  },
  'staff-change': async (db, kase, today, persons) => {
    const against = kase.stage === 'PROPOSED' ? mayConfirm(await readStaffChangeRecord(db, kase.case_id, today), persons) : []
    return (action) => (action === 'confirm' ? against : [])
  },
} satisfies Record<CaseKind, (db: Db, kase: Standing, today: PlainDate, persons: readonly string[]) => Promise<ByAction>>

/** Why a loan must still wait for money, and where it stands in the queue. */
async function queueObstacles(db: Db, kase: Standing, today: PlainDate): Promise<Obstacle[]> {
  const standing = await readReleaseQueue(db, kase.case_id)
  return standing ? roomToRelease(standing, await readPolicy(db, kase.reporting_entity, today)) : []
}

/** @param persons who asks, and whom they would act for */
export const kindObstacles = (db: Db, kase: Standing, today: PlainDate, persons: readonly string[]): Promise<ByAction> =>
  KINDS[kase.kind as CaseKind](db, kase, today, persons)

/** What each kind's checklist takes. A kind without one takes nothing. */
const CHECKLISTS = { loan: isLoanMaterial, 'staff-change': () => false } satisfies Record<CaseKind, (material: string) => boolean>

/** Whether a kind of case asks for this material at all. */
export const isOnChecklist = (kind: string, material: string): boolean => CHECKLISTS[kind as CaseKind](material)
