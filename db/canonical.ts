import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * Canonical JSON (RFC 8785): sorted keys, one spelling. Big integers become decimal strings first, as everywhere in our JSON.
 * @throws TypeError for what JSON cannot say: undefined at the top, functions, non-finite numbers.
 */
export function canonicalJson(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)))
  const text = canonicalize(plain)
  if (text === undefined) throw new TypeError('nothing to say in JSON')
  return text
}

/** SHA-256 in hex; of a text, over its UTF-8. */
export const sha256Hex = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** `<scope>@<date>#<first 12 hex of the hash>`: names a policy snapshot; the same rows give the same id, on files as on a database. */
export const snapshotId = (snapshot: { readonly scope: string; readonly date: string }): string =>
  `${snapshot.scope}@${snapshot.date}#${sha256Hex(canonicalJson(snapshot)).slice(0, 12)}`
