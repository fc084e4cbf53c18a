import { transact } from '#db/fault.ts'
import { endSessions } from '#db/write/sessions.ts'
import { closeAttempt, useSteps } from '#db/write/sign-in.ts'
import { auditDesk } from '#db/write/audit.ts'
import type { Call } from './mount.ts'
import { faultOfNewPassword, hashPassword, isPasswordOf } from './passwords.ts'
import { invalid, refuse } from './problems.ts'
import { admit, readAccount } from './sign-in.ts'

/**
 * Changes one's own password. The old one is asked for like at a log-in, and failures count with those: a session left open at a counter is
 * not enough. Every other session of the person ends.
 * @throws RefusalError INVALID_INPUT naming the old or the new one, LOCKED_OUT, TOO_MANY_REQUESTS
 */
export async function changeOwnPassword(call: Call, given: { oldPassword: string; newPassword: string }): Promise<void> {
  const { parts, me } = call
  const attempt = await admit(parts, call.req, { staffId: me.staffId }, 'PASSWORD')
  const account = await readAccount(parts.desk, me.staffId)
  if (!account) throw refuse('NOT_SIGNED_IN')
  if (!(await isPasswordOf(account.password_hash, given.oldPassword))) throw invalid('#/oldPassword', 'WRONG_PASSWORD', '原密码不正确')
  const fault = faultOfNewPassword({ ...given, staffNumber: me.staffNumber })
  const passwordHash = fault === undefined ? await hashPassword(given.newPassword) : ''
  await transact(parts.desk, 'own-password', async (tx) => {
    await closeAttempt(tx, attempt, 'SUCCEEDED')
    if (fault !== undefined) return
    await tx
      .updateTable('staff')
      .set({ password_hash: passwordHash, must_change_password: false })
      .where('staff_id', '=', me.staffId)
      .execute()
    await useSteps(tx, me.staffId)
    await endSessions(tx, me.staffId, 'CHANGE/PASSWORD', me.tokenHash)
    await auditDesk(tx, me, 'change-password', {})
  })
  if (fault !== undefined) throw invalid('#/newPassword', 'WEAK_PASSWORD', fault)
}
