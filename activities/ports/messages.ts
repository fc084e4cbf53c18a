import * as messages from '#contracts/machine/messages.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/** Hands a message to the gateway. Safe to repeat: one key is sent once. @throws PortFault when it is not certain that it was taken. */
export const sendMessage = (config: PortConfig, question: QuestionOf<typeof messages.sendMessage>) =>
  ask(config, messages.sendMessage, question)

/** Delivery receipts, in the order of the keys. @throws PortFault when there is no good answer. */
export const deliveryReceipts = (config: PortConfig, question: QuestionOf<typeof messages.deliveryReceipts>) =>
  ask(config, messages.deliveryReceipts, question)
