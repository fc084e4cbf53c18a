import { z } from 'zod'
import { head, instantText, operation, shortText } from './message.ts'

/** The outbox row's own key: the gateway sends a key once, however often it is handed over. */
export const messageKeyText = z.string().regex(/^[A-Za-z0-9-]{8,64}$/)

/** Hands a text to the gateway (短信、站内信). ACCEPTED is not delivered: a period that runs from delivery waits for the receipt. */
export const sendMessage = operation({
  counterpart: 'messages',
  path: '/send',
  request: z.strictObject({
    ...head,
    key: messageKeyText,
    channel: z.enum(['SMS', 'APP']),
    to: z.string().regex(/^[0-9A-Za-z]{6,40}$/),
    template: z.string().min(1).max(60),
    text: z.string().min(1).max(1000),
  }),
  result: z.object({ key: messageKeyText, state: z.literal('ACCEPTED'), gatewayNo: shortText }),
  concerns: (asked, told) => told.key === asked.key,
})

export const receipt = z.discriminatedUnion('state', [
  z.object({ state: z.literal('PENDING'), key: messageKeyText }),
  z.object({ state: z.literal('DELIVERED'), key: messageKeyText, deliveredAt: instantText }),
  z.object({ state: z.literal('UNDELIVERABLE'), key: messageKeyText, reason: z.enum(['NUMBER_UNKNOWN', 'SWITCHED_OFF', 'BLOCKED']) }),
  z.object({ state: z.literal('NOT_FOUND'), key: messageKeyText }),
])
export type Receipt = z.output<typeof receipt>

/** Delivery receipts of messages (送达回执), one per key asked. */
export const deliveryReceipts = operation({
  counterpart: 'messages',
  path: '/receipts',
  request: z.strictObject({ ...head, keys: z.array(messageKeyText).min(1).max(200) }),
  result: z.object({ receipts: z.array(receipt) }),
  concerns: (asked, told) =>
    told.receipts.length === asked.keys.length && told.receipts.every((one, index) => one.key === asked.keys[index]),
})
