import { randomInt } from 'node:crypto'
import { transact } from '#db/fault.ts'
import { takeInitialPassword } from '#db/write/initial-password.ts'
import { auditDesk } from '#db/write/audit.ts'
import type { Call } from './mount.ts'
import { hashPassword } from './passwords.ts'
import { refuse } from './problems.ts'

/** Read off one screen and typed at another by hand: nothing that looks like something else. Twenty of these are over a hundred bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679'
const LENGTH = 20

/** A password by chance. Not kept anywhere: who makes it tells it, and hashes it. */
export const newInitialPassword = (): string => Array.from({ length: LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')

/**
 * Tells the confirmer the initial password, once. It is made here and now: before this nobody could come in by it, and after this the house
 * has its hash. No receipt is kept of the answer, for the receipt would be the password.
 * @throws RefusalError CONFLICT in the same words for everybody who is not, or no longer, to be told
 */
export async function tellInitialPassword(call: Call, caseId: string): Promise<{ staffNumber: string; password: string }> {
  const { parts, me } = call
  const password = newInitialPassword()
  const passwordHash = await hashPassword(password)
  const staffNumber = await transact(parts.desk, 'initial-password', async (tx) => {
    const taken = await takeInitialPassword(tx, { caseId, confirmerId: me.staffId, passwordHash })
    if (!taken) throw refuse('CONFLICT', '初始密码只向确认人显示一次。已显示或逾期的，须由系统管理员另行提出重置密码')
    await auditDesk(tx, me, 'take-initial-password', { staff: taken.staffId, case: caseId })
    return taken.staffNumber
  })
  return { staffNumber, password }
}
