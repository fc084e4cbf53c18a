import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { counterparts, type Counterpart } from '#contracts/machine/message.ts'

/**
 * Keys travel in the environment as PEM, base64 once more so that each fits on one line; the keys of all counterparts as one JSON
 * object by counterpart, whose name is also the key id.
 */
export type CounterpartKeys = Readonly<Record<Counterpart, KeyObject>>

/** @throws when the text is not the base64 of an ed25519 private key in PEM. */
export const readPrivateKey = (text: string): KeyObject => ed25519(createPrivateKey(Buffer.from(text, 'base64').toString('utf8')))

/** @throws when the text is not the base64 of an ed25519 public key in PEM. */
export const readPublicKey = (text: string): KeyObject => ed25519(createPublicKey(Buffer.from(text, 'base64').toString('utf8')))

/** The private keys of the sandbox, one per counterpart. @throws when one is missing or is no ed25519 key. */
export const readPrivateKeys = (json: string): CounterpartKeys => readAll(json, readPrivateKey)

/** The public keys by which we know the counterparts. @throws when one is missing or is no ed25519 key. */
export const readPublicKeys = (json: string): CounterpartKeys => readAll(json, readPublicKey)

/** A fresh set for a demo or a test: the sandbox's private keys and the public ones to trust, both as environment text. */
export function newCounterpartKeys(): { readonly privateKeys: string; readonly publicKeys: string } {
  const pairs = counterparts.map((name) => [name, generateKeyPairSync('ed25519')] as const)
  return {
    privateKeys: JSON.stringify(Object.fromEntries(pairs.map(([name, pair]) => [name, privateKeyText(pair.privateKey)]))),
    publicKeys: JSON.stringify(Object.fromEntries(pairs.map(([name, pair]) => [name, publicKeyText(pair.publicKey)]))),
  }
}

/** A private key as environment text: PEM, in base64 once more. */
export const privateKeyText = (key: KeyObject): string => base64(key.export({ type: 'pkcs8', format: 'pem' }))

/** The public half of a private or public key, as environment text. */
export const publicKeyText = (key: KeyObject): string => base64(publicHalf(key).export({ type: 'spki', format: 'pem' }))

const publicHalf = (key: KeyObject): KeyObject => (key.type === 'private' ? createPublicKey(key) : key)
const base64 = (pem: string | Buffer): string => Buffer.from(pem).toString('base64')

function readAll(json: string, read: (text: string) => KeyObject): CounterpartKeys {
  const texts: unknown = JSON.parse(json)
  const keyOf = (name: Counterpart): KeyObject => {
    const text = typeof texts === 'object' && texts !== null ? Object.entries(texts).find(([key]) => key === name)?.[1] : undefined
    if (typeof text !== 'string') throw new TypeError(`no machine key for ${name}`)
    return read(text)
  }
  return {
    registry: keyOf('registry'),
    housing: keyOf('housing'),
    credit: keyOf('credit'),
    civil: keyOf('civil'),
    cities: keyOf('cities'),
    bank: keyOf('bank'),
    guarantor: keyOf('guarantor'),
    messages: keyOf('messages'),
  }
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('machine keys are ed25519')
  return key
}
