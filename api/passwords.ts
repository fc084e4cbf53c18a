import { hash, verify } from '@node-rs/argon2'

/** argon2id, as OWASP recommends it at the least: 19 MiB, two passes, one lane. */
const WORK = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** @returns the password's argon2id hash with its salt and costs, as it is stored */
export const hashPassword = (password: string): Promise<string> => hash(password, WORK)

let nobodys: Promise<string> | undefined

/**
 * Whether a password is somebody's. Nobody's, and that of somebody who has none, costs the same work as a wrong one: the time of the answer
 * tells no one who is here.
 */
export async function isPasswordOf(stored: string | null | undefined, given: string): Promise<boolean> {
  nobodys ??= hashPassword(crypto.randomUUID())
  const isRight = await verify(stored ?? (await nobodys), given)
  return isRight && stored !== undefined && stored !== null
}

/** How few different characters a password may have: enough to keep out rows of one key, too few to bother a pass phrase. */
const DISTINCT_MIN = 6

/** What is wrong with a new password beyond its length, in words for its owner; undefined when nothing is. */
export function faultOfNewPassword(given: { newPassword: string; oldPassword: string; staffNumber: string }): string | undefined {
  const { newPassword, oldPassword, staffNumber } = given
  if (newPassword === oldPassword) return '新密码不得与原密码相同'
  if (newPassword.toUpperCase().includes(staffNumber.toUpperCase())) return '新密码不得包含工号'
  if (new Set(newPassword).size < DISTINCT_MIN) return `新密码过于单一，至少含 ${DISTINCT_MIN} 种不同字符`
  return undefined
}
