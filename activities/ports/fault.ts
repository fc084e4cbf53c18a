import type { Counterpart, RefusalCode } from '#contracts/machine/message.ts'

/**
 * What can go wrong between us and another house. `unreachable`: no connection, or the house says it is down. `timeout`: no whole
 * answer within the deadline. `garbled`: an answer that is not signed, not whole or not of the agreed shape. `refused`: the house
 * would not deal with the question. `mismatch`: a good answer about another person, thing, amount or currency.
 */
export type PortFaultKind = 'unreachable' | 'timeout' | 'garbled' | 'refused' | 'mismatch'

/**
 * The world failed: thrown, never turned into an empty result. The message holds the counterpart, the operation and words of our own;
 * nothing of the question, the answer or the cause's text, because it ends in logs and workflow histories.
 */
export class PortFault extends Error {
  override readonly name = 'PortFault'
  readonly kind: PortFaultKind
  readonly counterpart: Counterpart
  readonly path: string
  readonly code: RefusalCode | undefined

  constructor(kind: PortFaultKind, counterpart: Counterpart, path: string, detail: string, code?: RefusalCode) {
    super(`${counterpart}${path} ${kind}: ${detail}`)
    this.kind = kind
    this.counterpart = counterpart
    this.path = path
    this.code = code
  }
}
