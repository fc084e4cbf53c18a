import type { PlainDate } from '#contracts/dates.ts'
import type { Db, Tx } from '#db/connect.ts'
import { readLoanRecord } from '#db/read/loan-record.ts'
import { readReleaseQueue } from '#db/read/release-queue.ts'
import { obstacle, type Obstacle } from '#rules/cases/obstacle.ts'
import { mayDecideLoan } from '#rules/loan/may-decide.ts'
import { roomToRelease } from '#rules/loan/room-to-release.ts'
import { readPolicy } from '../policy.ts'

interface Standing {
  readonly case_id: string
  readonly stage: string
  readonly reporting_entity: string
}

/** Who would act, whom they act for and where to, as far as that is known, and how many wants would come with it. */
interface By {
  readonly persons: readonly string[]
  readonly to?: string | undefined
  readonly wants: number
}

/** What the record of a loan has against each action as it stands: the screen's buttons ask here, and the deciding transaction asks again. */
export interface LoanAgainst {
  readonly noticesSent: number
  against(action: string, by: By): Obstacle[]
}

/** Reads the record once, for however many actions. */
export async function readLoanAgainst(db: Db | Tx, kase: Standing, today: PlainDate): Promise<LoanAgainst> {
  const record = await readLoanRecord(db, kase.case_id, today)
  const wait = kase.stage === 'QUEUED' ? await queueObstacles(db, kase, today) : []
  return {
    noticesSent: record.noticesSent,
    against: (action, { wants, ...by }) => [
      ...mayDecideLoan(kase.stage, action, { ...record, openWants: record.openWants + wants }, by),
      ...(action === 'admit' ? wait : []),
    ],
  }
}

/** Out of the queue by its order, and only when there is money for it. */
async function queueObstacles(db: Db | Tx, kase: Standing, today: PlainDate): Promise<Obstacle[]> {
  const standing = await readReleaseQueue(db, kase.case_id)
  if (!standing) return [obstacle('CONFLICT', '本案没有可划付的批准金额')]
  return roomToRelease(standing, await readPolicy(db, kase.reporting_entity, today))
}
