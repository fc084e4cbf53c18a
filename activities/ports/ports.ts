import type { KeyObject } from 'node:crypto'
import type { Counterpart } from '#contracts/machine/message.ts'
import { timeoutMsDefault, type PortConfig } from './call.ts'
import type { CounterpartKeys } from './keys.ts'

/** How to reach each house outside. */
export type Ports = Readonly<Record<Counterpart, PortConfig>>

/** @param options base addresses, our key with the id the others know it by, and the keys we know them by */
export function createPorts(options: {
  urls: Readonly<Record<Counterpart, string>>
  key: KeyObject
  keyId: string
  peerKeys: CounterpartKeys
  nowMs: () => number
}): Ports {
  const port = (name: Counterpart): PortConfig => ({
    baseUrl: options.urls[name],
    key: { keyId: options.keyId, privateKey: options.key },
    peerKeyId: name,
    peerKey: options.peerKeys[name],
    timeoutMs: timeoutMsDefault,
    nowMs: options.nowMs,
  })
  return {
    registry: port('registry'),
    housing: port('housing'),
    credit: port('credit'),
    civil: port('civil'),
    cities: port('cities'),
    bank: port('bank'),
    guarantor: port('guarantor'),
    messages: port('messages'),
  }
}
