import type { CaseKind } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { Db } from '#db/connect.ts'
import { readLoanRecord } from '#db/read/loan-record.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { mayDecideLoan } from '#rules/loan/may-decide.ts'

interface Standing {
  readonly case_id: string
  readonly kind: string
  readonly stage: string
}
type ByAction = (action: string) => Obstacle[]

const NOTHING: ByAction = () => []

/** What each kind's record has against each action, by the rules the deciding transaction asks again. */
const KINDS = {
  loan: async (db, kase, today) => {
    const record = await readLoanRecord(db, kase.case_id, today)
    // Wants may come with the decision itself, so their absence closes no button.
    const asIfWanted = { ...record, openWants: Math.max(1, record.openWants) }
    return (action) => mayDecideLoan(kase.stage, action, action === 'supplement' ? asIfWanted : record)
  },
  'staff-change': () => Promise.resolve(NOTHING),
} satisfies Record<CaseKind, (db: Db, kase: Standing, today: PlainDate) => Promise<ByAction>>

export const kindObstacles = (db: Db, kase: Standing, today: PlainDate): Promise<ByAction> => KINDS[kase.kind as CaseKind](db, kase, today)
