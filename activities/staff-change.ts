import { randomUUID } from 'node:crypto'
import { addDays, type PlainDate } from '#contracts/dates.ts'
import type { StaffChangeWord } from '#contracts/staff-change.ts'
import type { Tx } from '#db/connect.ts'
import { readProposedChange, readStaffChangeRecord, type ProposedChange } from '#db/read/staff-change.ts'
import { openInitialPassword } from '#db/write/initial-password.ts'
import { bindIdentity, unbindIdentity } from '#db/write/identities.ts'
import { endSessions } from '#db/write/sessions.ts'
import { addRelative, endRelative, setParticulars } from '#db/write/staff-change.ts'
import { useSteps } from '#db/write/sign-in.ts'
import { mayConfirm } from '#rules/staff-change/may-confirm.ts'
import { Bug } from './bug.ts'
import type { KindOfCase } from './case/kinds.ts'

/** Changes that take nothing away. Whom recusal bars is asked anew with every decision. */
const ADDING: readonly StaffChangeWord[] = ['JOIN', 'GRANT_POST', 'SET_PARTICULARS', 'ADD_RELATIVE', 'END_RELATIVE', 'BIND_IDENTITY']

/** A change whose person is there: from the beginning, or from now on. */
type Carried = ProposedChange & { readonly staff_id: string; readonly confirmerId: string }

/** Rights take effect with the confirmation, in its transaction; a person whose rights shrink loses their sessions there and then. */
export const staffChangeKind: KindOfCase = {
  async obstacles(tx, { kase, action, persons, time }) {
    return action === 'confirm' ? mayConfirm(await readStaffChangeRecord(tx, kase.case_id, time.today), persons) : []
  },

  async effects(tx, { kase, action, actorId, time }) {
    if (action !== 'confirm') return
    const proposed = await readProposedChange(tx, kase.case_id)
    const staffId = proposed.change === 'JOIN' ? await join(tx, proposed) : proposed.staff_id
    if (staffId === null) throw new Bug('a change of rights is of nobody')
    await carryOut(tx, { ...proposed, staff_id: staffId, confirmerId: actorId }, time.today)
    if (!ADDING.includes(proposed.change)) await endSessions(tx, staffId, `CHANGE/${proposed.change}`)
  },
}

/**
 * Makes a person of a newcomer, whom recusal sees from the first minute. Two of one number, of either kind, confirmed at once: the database
 * takes one, and the other is judged anew.
 */
async function join(tx: Tx, proposed: ProposedChange): Promise<string> {
  const { case_id, new_staff_number, new_name, new_org_id, new_id_number_enc, new_id_hash, employer_unit_id } = proposed
  if (!new_staff_number || !new_name || !new_org_id || !new_id_hash) throw new Bug('a newcomer without particulars')
  const staffId = randomUUID()
  await tx
    .insertInto('staff')
    .values({
      staff_id: staffId,
      staff_number: new_staff_number,
      name: new_name,
      org_id: new_org_id,
      password_hash: null,
      totp_secret_enc: null,
      id_number_enc: new_id_number_enc,
      id_hash: new_id_hash,
      employer_unit_id,
    })
    .execute()
  await tx.updateTable('staff_change').set({ staff_id: staffId }).where('case_id', '=', case_id).execute()
  return staffId
}

async function carryOut(tx: Tx, change: Carried, today: PlainDate): Promise<void> {
  switch (change.change) {
    case 'JOIN':
      await grantPost(tx, change, today)
      return openInitialPassword(tx, { caseId: change.case_id, staffId: change.staff_id, confirmerId: change.confirmerId })
    case 'RESET_PASSWORD':
      // What the old password has half done ends with it.
      await useSteps(tx, change.staff_id)
      return openInitialPassword(tx, { caseId: change.case_id, staffId: change.staff_id, confirmerId: change.confirmerId })
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
    case 'SET_PARTICULARS':
      return setParticulars(tx, change.staff_id, change)
    case 'ADD_RELATIVE':
      return declareRelative(tx, change)
    case 'END_RELATIVE':
      return endRelative(tx, { staffId: change.staff_id, idHash: numberOf(change) })
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

const declareRelative = (tx: Tx, change: Carried): Promise<void> => {
  if (!change.relation) throw new Bug('a relative without a relation')
  return addRelative(tx, { staffId: change.staff_id, relation: change.relation, idHash: numberOf(change), caseId: change.case_id })
}

function numberOf({ new_id_hash }: Carried): Buffer {
  if (!new_id_hash) throw new Bug('a relative without a number')
  return new_id_hash
}

async function grantPost(tx: Tx, change: Carried, today: PlainDate): Promise<void> {
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

async function revokePost(tx: Tx, change: Carried, today: PlainDate): Promise<void> {
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

async function setState(tx: Tx, change: Carried, state: 'ACTIVE' | 'LOCKED' | 'LEFT'): Promise<void> {
  await tx.updateTable('staff').set({ state }).where('staff_id', '=', change.staff_id).execute()
}
