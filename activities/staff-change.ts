import { addDays, type PlainDate } from '#contracts/dates.ts'
import type { Tx } from '#db/connect.ts'
import { readProposedChange, readStaffChangeRecord, type ProposedChange } from '#db/read/staff-change.ts'
import { bindIdentity, unbindIdentity } from '#db/write/identities.ts'
import { endSessions } from '#db/write/sessions.ts'
import { mayConfirm } from '#rules/staff-change/may-confirm.ts'
import type { KindOfCase } from './case/kinds.ts'

/** Rights take effect with the confirmation, in its transaction; a person whose rights shrink loses their sessions there and then. */
export const staffChangeKind: KindOfCase = {
  async obstacles(tx, { kase, action, actorId, time }) {
    return action === 'confirm' ? mayConfirm(await readStaffChangeRecord(tx, kase.case_id, time.today), actorId) : []
  },

  async effects(tx, { kase, action, time }) {
    if (action !== 'confirm') return
    const change = await readProposedChange(tx, kase.case_id)
    await carryOut(tx, change, time.today)
    if (change.change !== 'GRANT_POST' && change.change !== 'BIND_IDENTITY')
      await endSessions(tx, change.staff_id, `CHANGE/${change.change}`)
  },
}

async function carryOut(tx: Tx, change: ProposedChange, today: PlainDate): Promise<void> {
  switch (change.change) {
    case 'GRANT_POST':
      return grantPost(tx, change, today)
    case 'REVOKE_POST':
      return revokePost(tx, change, today)
    case 'LOCK':
      return setState(tx, change, 'LOCKED')
    case 'UNLOCK':
      return setState(tx, change, 'ACTIVE')
    case 'LEAVE':
      return setState(tx, change, 'LEFT')
    case 'RESET_CODE':
      // At the next log-in the person enrols anew; the codes of the lost secret have ended here.
      return void (await tx.updateTable('staff').set({ totp_secret_enc: null }).where('staff_id', '=', change.staff_id).execute())
    case 'BIND_IDENTITY':
      return bindIdentity(tx, {
        staffId: change.staff_id,
        issuer: change.issuer ?? '',
        subject: change.subject ?? '',
        caseId: change.case_id,
      })
    case 'UNBIND_IDENTITY':
      return unbindIdentity(tx, { staffId: change.staff_id, issuer: change.issuer ?? '', caseId: change.case_id })
  }
}

async function grantPost(tx: Tx, change: ProposedChange, today: PlainDate): Promise<void> {
  if (!change.post || !change.post_org_id) return
  await tx
    .insertInto('staff_post')
    .values({
      staff_id: change.staff_id,
      post: change.post,
      org_id: change.post_org_id,
      from_on: today,
      to_on: null,
      granted_by_case: change.case_id,
    })
    .onConflict((conflict) =>
      conflict.columns(['staff_id', 'post', 'org_id', 'from_on']).doUpdateSet({ to_on: null, granted_by_case: change.case_id }),
    )
    .execute()
}

async function revokePost(tx: Tx, change: ProposedChange, today: PlainDate): Promise<void> {
  if (!change.post || !change.post_org_id) return
  await tx
    .updateTable('staff_post')
    .set({ to_on: addDays(today, -1) })
    .where('staff_id', '=', change.staff_id)
    .where('post', '=', change.post)
    .where('org_id', '=', change.post_org_id)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', today)]))
    .execute()
}

async function setState(tx: Tx, change: ProposedChange, state: 'ACTIVE' | 'LOCKED' | 'LEFT'): Promise<void> {
  await tx.updateTable('staff').set({ state }).where('staff_id', '=', change.staff_id).execute()
}
