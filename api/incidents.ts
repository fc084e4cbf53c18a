import { pageInfoOf } from '#contracts/api/page.ts'
import type { BankClaim } from '#contracts/findings.ts'
import { incidentWord, type IncidentHandling } from '#contracts/incidents.ts'
import type { Post } from '#contracts/posts.ts'
import { readActor } from '#db/read/actor.ts'
import { readAwaitedFinding, readClaims, readLastFindings, type Claim, type FindingRow } from '#db/read/findings.ts'
import { readIncident, readIncidents, type IncidentRow } from '#db/read/incidents.ts'
import { auditDesk } from '#db/write/audit.ts'
import { keepFinding } from '#db/write/findings.ts'
import { askForRetry, lockIncident, settleIncident } from '#db/write/incidents.ts'
import { callRelay } from '#db/write/outbox.ts'
import { lightestFirst, mustStayAway } from '#rules/cases/may-act.ts'
import { refusalOf } from '#rules/cases/obstacle.ts'
import { bankDayObstacles, firstDayOf, mayFollowBank } from '#rules/loan/bank-was-right.ts'
import { presentFinding } from './case-facts.ts'
import type { Call, DeskCall, Handlers } from './mount.ts'
import type { SignedIn } from './parts.ts'
import { RefusalError, refuse } from './problems.ts'

export const incidentHandlers: Pick<Handlers, 'listIncidents' | 'retryIncident' | 'findOnIncident' | 'settleIncident'> = {
  listIncidents: async ({ query }, call) => {
    const { rows, after, total, claims, findings } = await call.read(async (db) => {
      const page = await readIncidents(db, query.state ?? 'OPEN', call.me.staffId, query)
      const ids = page.rows.flatMap((row) => (row.payment_id === null ? [] : [row.incident_id]))
      return { ...page, claims: await readClaims(db, ids), findings: await readLastFindings(db, ids) }
    })
    const awaited = new Set(findings.filter(({ state }) => state === 'FOUND').map((one) => one.case_id))
    return {
      rows: rows.map((row) => {
        const claim = claims.find((one) => one.incidentId === row.incident_id)
        const finding = findings.find((one) => one.incident_id === row.incident_id)
        const free = row.payment_id === null || row.case_id === null || !awaited.has(row.case_id)
        return present(row, free && mayHandle(row, call.me), claim, finding)
      }),
      pageInfo: pageInfoOf(after),
      total,
    }
  },

  // The relay does the retrying; here it is only asked for, with who and why.
  retryIncident: async ({ params, body }, call) => {
    const { incident_id: id } = await openIncident(call, params.incidentId, 'RETRY')
    await askForRetry(call.tx, id, call.me.staffId, body.reason)
    await callRelay(call.tx)
    await auditDesk(call.tx, call.me, 'incident/retry', { incident: id, reason: body.reason })
    return {}
  },

  // What was found moves nothing by itself: the relay brings the case before the cashier, and the money follows what the cashier confirms.
  findOnIncident: async ({ params, body }, call) => {
    const { incident_id: id, foundFor } = await openIncident(call, params.incidentId, 'SETTLE')
    const claim = await claimToFollow(call, id, body.claim)
    const day = bankDayObstacles(claim.payment, body.bankDay, call.me.businessDate)
    if (day.length > 0)
      throw new RefusalError({
        code: 'INVALID_INPUT',
        errors: day.map(({ text }) => ({ pointer: '#/bankDay', code: 'OUT_OF_RANGE', detail: text })),
      })
    if (!(await keepFinding(call.tx, { ...claim, ...body, foundBy: call.me.staffId, foundFor }))) throw refuse('CONFLICT', AWAITED)
    await callRelay(call.tx)
    await auditDesk(call.tx, call.me, 'incident/find', { incident: id, payment: claim.paymentId, ...body })
    return {}
  },

  settleIncident: async ({ params, body }, call) => {
    const { incident_id: id, kind, reference } = await openIncident(call, params.incidentId, 'SETTLE')
    await settleIncident(call.tx, id, call.me.staffId, body.reason)
    await auditDesk(call.tx, call.me, 'incident/settle', { incident: id, kind, reference, reason: body.reason })
    return {}
  },
}

/**
 * Read in the caller's own context, with whom they act for where they do so in somebody's name (代理).
 * @throws RefusalError when it is not there any more, not to be handled so, or not by this person
 */
async function openIncident(
  call: DeskCall,
  incidentId: string,
  handling: IncidentHandling,
): Promise<IncidentRow & { readonly foundFor: string | null }> {
  await lockIncident(call.tx, incidentId)
  const incident = await call.read((db) => readIncident(db, incidentId, call.me.staffId))
  if (!incident || incident.state !== 'OPEN') throw refuse('NOT_FOUND')
  const word = incidentWord(incident.kind)
  if (word.handling !== handling)
    throw refuse('CONFLICT', word.handling === 'RETRY' ? `“${word.label}”须重试，不能直接关闭` : `“${word.label}”没有可以重试的步骤`)
  if (!mayHandle(incident, call.me)) throw refuse(incident.is_actor ? 'FOUR_EYES' : 'FORBIDDEN', WHY_NOT)
  const foundFor = word.apart && incident.case_id !== null ? await guardApart(call, incident.case_id) : null
  if (incident.case_id !== null && incident.payment_id !== null && (await isAwaited(call, incident.case_id)))
    throw refuse('CONFLICT', AWAITED)
  return { ...incident, foundFor }
}

/**
 * Whom one acts for counts in full: what they have had a hand in, or must stay away from, is not for whoever stands in for them either. Of several
 * it is one whom nothing keeps away, as in a case.
 * @returns whom, null for oneself
 */
async function guardApart(call: DeskCall, caseId: string): Promise<string | null> {
  const actor = await readActor(call.tx, call.me.staffId, caseId, call.me.businessDate)
  const held = lightestFirst(actor).find(({ post }) => post === 'RISK')
  if (held?.delegatedBy !== undefined && actor.principals.get(held.delegatedBy)?.groupHeld) throw refuse('FOUR_EYES', WHY_NOT)
  const [away] = mustStayAway(actor, held)
  if (away) throw refuse(away.code, away.text)
  return held?.delegatedBy ?? null
}

const AWAITED = '本案已有认定，正待资金结算岗确认'
const isAwaited = async (call: Call, caseId: string): Promise<boolean> =>
  (await call.read((db) => readAwaitedFinding(db, caseId))) !== undefined

/** The payment of which something is to be found. @throws RefusalError with every reason why the record may not follow the bank */
async function claimToFollow(call: Call, incidentId: string, said: BankClaim): Promise<Claim> {
  const [claim] = await call.read((db) => readClaims(db, [incidentId]))
  if (claim?.payment.claim !== said) throw refuse('CONFLICT', '银行没有就本项作此说法')
  const against = mayFollowBank(claim.payment)
  if (against.length > 0) throw new RefusalError(refusalOf(against))
  return claim
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

const present = (row: IncidentRow, isMine: boolean, claim: Claim | undefined, finding: FindingRow | undefined) => ({
  id: row.incident_id,
  kind: row.kind,
  caseId: row.case_id,
  caseNumber: row.case_number,
  reference: row.reference,
  detail: row.detail,
  state: row.state,
  createdAt: row.created_at,
  handling: incidentWord(row.kind).handling,
  mayHandle: row.state === 'OPEN' && isMine,
  handled: row.handled_by_name && row.handled_at ? { by: row.handled_by_name, at: row.handled_at, reason: row.retry_reason ?? '' } : null,
  claim: claim
    ? { claim: claim.payment.claim, from: firstDayOf(claim.payment), against: mayFollowBank(claim.payment).map(({ text }) => text) }
    : null,
  finding: finding ? presentFinding(finding) : null,
})
