import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { canonicalJson, sha256Hex } from '../canonical.ts'

/** What a seal says of a batch of audit rows. Numbers that may outgrow a double are decimal text. */
export interface SealFacts {
  readonly sealNo: string
  /** ISO, UTC, microseconds, by the database's clock. */
  readonly at: string
  readonly rowCount: number
  /** The highest audit id among the rows. Ids of a later seal may be lower: a long transaction commits late. */
  readonly lastAuditId: string
  /** Merkle root over the rows' hashes in the order of their audit ids. */
  readonly merkleRoot: string
  readonly prevHead: string
}

export interface Seal extends SealFacts {
  readonly head: string
  readonly signature: string
  readonly keyId: string
}

/** What the first seal follows. */
export const NO_HEAD = '0'.repeat(64)

/** The head chains the seal to all before it: to keep one head outside is to keep them all. */
export const headOf = ({ sealNo, at, rowCount, lastAuditId, merkleRoot, prevHead }: SealFacts): string =>
  sha256Hex(canonicalJson({ v: 1, sealNo, at, rowCount, lastAuditId, merkleRoot, prevHead }))

/** @param key ed25519, private */
export const signSeal = (facts: SealFacts, key: KeyObject, keyId: string): Seal => {
  const head = headOf(facts)
  return { ...facts, head, signature: sign(null, Buffer.from(head, 'hex'), key).toString('base64'), keyId }
}

/** Whether the head was signed with this key; either half of it will do. */
export const isSignedBy = ({ head, signature }: Pick<Seal, 'head' | 'signature'>, key: KeyObject): boolean =>
  verify(null, Buffer.from(head, 'hex'), key, Buffer.from(signature, 'base64'))

/** Names a key by its public half: the first 16 hex digits of its hash. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(publicHalf(key).export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)

/** The public half of a private key; a public key is its own. */
export const publicHalf = (key: KeyObject): KeyObject => (key.type === 'private' ? createPublicKey(key) : key)

/** The seal as one line, for the bundle and for whoever keeps heads outside. */
export const sealLine = (seal: Seal): string => canonicalJson({ kind: 'seal', ...seal })
