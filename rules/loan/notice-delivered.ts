import type { PlainDate } from '#contracts/dates.ts'
import { BY_MESSAGE } from '#contracts/delivery.ts'
import { against, obstacle, type Obstacle } from '../cases/obstacle.ts'

/** What the gateway has said of the message that carried the notice. */
export type MessageReceipt =
  | { readonly state: 'NOT_SENT' }
  | { readonly state: 'PENDING' }
  | { readonly state: 'DELIVERED'; readonly on: PlainDate }
  | { readonly state: 'UNDELIVERABLE'; readonly because: string }

export interface NoticeDelivery {
  readonly method: string
  readonly deliveredOn: PlainDate
  readonly issuedOn: PlainDate
  readonly today: PlainDate
  readonly receipt: MessageReceipt
}

/**
 * 告知书送达. May the delivery be registered as it is told? The applicant's time runs from this day and the centre's stands still: it lies between
 * the notice and today, and what is said to have gone by message is what the gateway's receipt says.
 */
export function noticeDelivered({ method, deliveredOn, issuedOn, today, receipt }: NoticeDelivery): Obstacle[] {
  return [
    ...against(deliveredOn < issuedOn, `送达日期不得早于告知书的出具日期${issuedOn}`),
    ...against(deliveredOn > today, `送达日期不得晚于今日${today}`),
    ...(method === BY_MESSAGE ? byReceipt(deliveredOn, receipt).map((text) => obstacle('RULES_REFUSE', text)) : []),
  ]
}

function byReceipt(deliveredOn: PlainDate, receipt: MessageReceipt): string[] {
  switch (receipt.state) {
    case 'NOT_SENT':
      return ['告知消息尚未发出，不能登记为电子送达']
    case 'PENDING':
      return ['消息网关尚无送达回执，不能登记为电子送达；可稍后再办，或者改用其他方式送达']
    case 'UNDELIVERABLE':
      return [`消息未能送达（${receipt.because}），请改用直接送达或者邮寄送达`]
    case 'DELIVERED':
      return receipt.on === deliveredOn ? [] : [`回执载明的送达日期是${receipt.on}，请按回执登记`]
  }
}
