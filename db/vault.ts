import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** Encrypts what must be readable again (identity numbers, phones, accounts) and hashes, under a key, what must be found. */
export interface Vault {
  /** AES-256-GCM with a fresh nonce; two encryptions of one text differ. */
  seal(text: string): Buffer
  /** @throws Error when the bytes were altered or sealed under another key. */
  open(sealed: Buffer): string
  /** HMAC-SHA-256: equal for equal texts, meaningless without the key. Normalise before hashing. */
  hash(text: string): Buffer
}

const [VERSION, NONCE_BYTES, TAG_BYTES] = [1, 12, 16]

/** @param keys two independent 32-byte keys from the environment */
export function createVault({ dataKey, hashKey }: { dataKey: Buffer; hashKey: Buffer }): Vault {
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', dataKey, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
    },
    open(sealed) {
      if (sealed[0] !== VERSION) throw new Error('sealed under an unknown version')
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce).setAuthTag(tag)
      return decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },
    hash: (text) => createHmac('sha256', hashKey).update(text.normalize('NFC')).digest(),
  }
}

/** Identity numbers match whatever the case of their last letter and the spaces around them. */
export const normaliseIdNumber = (text: string): string => text.trim().toUpperCase()
