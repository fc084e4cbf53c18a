import type { QueueStanding } from '#contracts/loan-record.ts'
import { addFen, formatYuan, subtractFen } from '#contracts/money.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'
import { obstacle, type Obstacle } from '../cases/obstacle.ts'

/**
 * 资金轮候. Is there money for this loan now, and nobody before it? What is left on the account must not fall below the floor of the day; where
 * a centre has adopted none, nobody waits. Empty when it may go on, otherwise why not, and where it stands.
 */
export function roomToRelease({ place, amountFen, freeFen, askedFen }: QueueStanding, { values }: PolicySnapshot): Obstacle[] {
  const floorFen = values.releaseFloorFen?.value
  if (floorFen === undefined) return []
  const leftFen = subtractFen(freeFen, askedFen)
  const account = `专户可用余额${formatYuan(freeFen)}元，其中他案已申请放款${formatYuan(askedFen)}元`
  const needed = `本笔需${formatYuan(amountFen)}元${floorFen > 0n ? `，划款后须保留${formatYuan(floorFen)}元` : ''}`
  return [
    ...(place > 1 ? [obstacle('RULES_REFUSE', `轮候第${place}位，按批准日期前面还有${place - 1}件`)] : []),
    ...(leftFen < addFen(amountFen, floorFen)
      ? [obstacle('RULES_REFUSE', `${place === 1 ? '轮候第1位，' : ''}资金不足：${account}；${needed}`)]
      : []),
  ]
}
