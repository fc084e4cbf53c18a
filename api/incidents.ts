import { incidentWord, type IncidentHandling } from '#contracts/incidents.ts'
import type { Post } from '#contracts/posts.ts'
import { readIncident, readIncidents, type IncidentRow } from '#db/read/incidents.ts'
import { auditDesk } from '#db/write/audit.ts'
import { askForRetry, settleIncident } from '#db/write/incidents.ts'
import { callRelay } from '#db/write/outbox.ts'
import type { Call, Handlers } from './mount.ts'
import type { SignedIn } from './parts.ts'
import { refuse } from './problems.ts'

export const incidentHandlers: Pick<Handlers, 'listIncidents' | 'retryIncident' | 'settleIncident'> = {
  listIncidents: async ({ query }, call) => {
    const rows = await call.read((db) => readIncidents(db, query.state ?? 'OPEN', call.me.staffId))
    return { rows: rows.map((row) => present(row, call.me)), total: rows.length }
  },

  // The relay does the retrying; here it is only asked for, with who and why.
  retryIncident: async ({ params, body }, call) => {
    const { incident_id: id } = await openIncident(call, params.incidentId, 'RETRY')
    await askForRetry(call.tx, id, call.me.staffId, body.reason)
    await callRelay(call.tx)
    await auditDesk(call.tx, call.me, 'incident/retry', { incident: id, reason: body.reason })
    return {}
  },

  settleIncident: async ({ params, body }, call) => {
    const { incident_id: id, kind, reference } = await openIncident(call, params.incidentId, 'SETTLE')
    await settleIncident(call.tx, id, call.me.staffId, body.reason)
    await auditDesk(call.tx, call.me, 'incident/settle', { incident: id, kind, reference, reason: body.reason })
    return {}
  },
}

/** Read in the caller's own context. @throws RefusalError when it is not there any more, not to be handled so, or not by this person */
async function openIncident(call: Call, incidentId: string, handling: IncidentHandling): Promise<IncidentRow> {
  const incident = await call.read((db) => readIncident(db, incidentId, call.me.staffId))
  if (!incident || incident.state !== 'OPEN') throw refuse('NOT_FOUND')
  const word = incidentWord(incident.kind)
  if (word.handling !== handling)
    throw refuse('CONFLICT', word.handling === 'RETRY' ? `“${word.label}”须重试，不能直接关闭` : `“${word.label}”没有可以重试的步骤`)
  if (!mayHandle(incident, call.me)) throw refuse(incident.is_actor ? 'FOUR_EYES' : 'FORBIDDEN', WHY_NOT)
  return incident
}

const WHY_NOT = '此类异常由风险管理岗处理，且不得为本案办理人员'
const KEEPERS: readonly Post[] = ['SYS_ADMIN', 'RISK']

/** Whoever keeps the machines closes what is of machines; the rest is for somebody apart from both the machines and the case. */
function mayHandle({ kind, is_actor: isActor }: IncidentRow, me: SignedIn): boolean {
  const { apart, handling } = incidentWord(kind)
  if (handling === 'ITSELF') return false
  const mayClose: readonly Post[] = apart ? ['RISK'] : KEEPERS
  return me.posts.some(({ post }) => mayClose.includes(post)) && !(apart && isActor)
}

const present = (row: IncidentRow, me: SignedIn) => ({
  id: row.incident_id,
  kind: row.kind,
  caseId: row.case_id,
  caseNumber: row.case_number,
  reference: row.reference,
  detail: row.detail,
  state: row.state,
  createdAt: row.created_at,
  handling: incidentWord(row.kind).handling,
  mayHandle: row.state === 'OPEN' && mayHandle(row, me),
  handled: row.handled_by_name && row.handled_at ? { by: row.handled_by_name, at: row.handled_at, reason: row.retry_reason ?? '' } : null,
})
