import { Secret, TOTP } from 'otpauth'
import QRCode from 'qrcode'
import { SECOND_FACTOR_POSTS } from '#contracts/posts.ts'
import type { Tx } from '#db/connect.ts'
import type { PostHeld } from '#db/read/actor.ts'
import { spendTimeStep } from '#db/write/sign-in.ts'
import type { ApiParts } from './parts.ts'

/** Whether somebody with these posts, their own or delegated, comes in with a one-time code only. */
export const needsCode = (posts: readonly PostHeld[]): boolean => posts.some(({ post }) => SECOND_FACTOR_POSTS.includes(post))

/** Twenty random bytes, as RFC 4226 recommends, in the letters an authenticator application reads. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** What an authenticator application is told: by its camera, or letter by letter. */
export async function enrolmentOf(secret: string, staffNumber: string): Promise<{ secret: string; address: string; image: string }> {
  const address = new TOTP({ issuer: '安居', label: staffNumber, secret: Secret.fromBase32(secret) }).toString()
  const svg = await QRCode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
  return { secret, address, image: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` }
}

/** Whether the code is this person's, of now or one step beside, and has not been used: it is spent with the transaction that asks. */
export async function spendOneTimeCode(tx: Tx, parts: ApiParts, staffId: string, code: string): Promise<boolean> {
  const staff = await tx.selectFrom('staff').select('totp_secret_enc').where('staff_id', '=', staffId).executeTakeFirst()
  return staff?.totp_secret_enc ? spendCodeOf(tx, parts, staffId, staff.totp_secret_enc, code) : false
}

/** The same for a secret at hand: that of an enrolment, before it is the person's. */
export async function spendCodeOf(tx: Tx, parts: ApiParts, staffId: string, secretEnc: Buffer, code: string): Promise<boolean> {
  const totp = new TOTP({ secret: Secret.fromBase32(parts.vault.open(secretEnc)) })
  const timestamp = parts.clock.nowMs()
  const delta = totp.validate({ token: code, window: 1, timestamp })
  return delta !== null && (await spendTimeStep(tx, staffId, BigInt(totp.counter({ timestamp }) + delta)))
}
