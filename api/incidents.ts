import type { BankClaim } from '#contracts/findings.ts'
import { incidentWord, type IncidentHandling } from '#contracts/incidents.ts'
import type { Post } from '#contracts/posts.ts'
import { readActor, type PostHeld } from '#db/read/actor.ts'
import { readAwaitedFinding, readClaims, readLastFindings, type Claim, type FindingRow } from '#db/read/findings.ts'
import { readIncident, readIncidents, type IncidentRow } from '#db/read/incidents.ts'
import { auditDesk } from '#db/write/audit.ts'
import { keepFinding } from '#db/write/findings.ts'
import { askForRetry, lockIncident, settleIncident } from '#db/write/incidents.ts'
import { callRelay } from '#db/write/outbox.ts'
import { mustStayAway } from '#rules/cases/may-act.ts'
import { refusalOf } from '#rules/cases/obstacle.ts'
import { bankDayObstacles, firstDayOf, mayFollowBank } from '#rules/loan/bank-was-right.ts'
import { presentFinding } from './case-facts.ts'
import type { Call, DeskCall, Handlers } from './mount.ts'
import type { SignedIn } from './parts.ts'
import { RefusalError, refuse } from './problems.ts'

export const incidentHandlers: Pick<Handlers, 'listIncidents' | 'retryIncident' | 'findOnIncident' | 'settleIncident'> = {
  listIncidents: async ({ query }, call) => {
    const { rows, claims, findings } = await call.read(async (db) => {
      const found = await readIncidents(db, query.state ?? 'OPEN', call.me.staffId)
      const ids = found.flatMap((row) => (row.payment_id === null ? [] : [row.incident_id]))
      return { rows: found, claims: await readClaims(db, ids), findings: await readLastFindings(db, ids) }
    })
    return {
      rows: rows.map((row) => {
        const claim = claims.find((one) => one.incidentId === row.incident_id)
        const finding = findings.find((one) => one.incident_id === row.incident_id)
        return present(row, call.me, claim, finding)
      }),
      total: rows.length,
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
    const { incident_id: id } = await openIncident(call, params.incidentId, 'SETTLE')
    const claim = await claimToFollow(call, id, body.claim)
    const day = bankDayObstacles(claim.payment, body.bankDay, call.me.businessDate)
    if (day.length > 0)
      throw new RefusalError({
        code: 'INVALID_INPUT',
        errors: day.map(({ text }) => ({ pointer: '#/bankDay', code: 'OUT_OF_RANGE', detail: text })),
      })
    if (
      !(await keepFinding(call.tx, {
        ...claim,
        ...body,
        foundBy: call.me.staffId,
        foundFor: heldAs(call.me, ['RISK'])?.delegatedBy ?? null,
      }))
    )
      throw refuse('CONFLICT', AWAITED)
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

/** Read in the caller's own context. @throws RefusalError when it is not there any more, not to be handled so, or not by this person */
async function openIncident(call: DeskCall, incidentId: string, handling: IncidentHandling): Promise<IncidentRow> {
  await lockIncident(call.tx, incidentId)
  const incident = await call.read((db) => readIncident(db, incidentId, call.me.staffId))
  if (!incident || incident.state !== 'OPEN') throw refuse('NOT_FOUND')
  const word = incidentWord(incident.kind)
  if (word.handling !== handling)
    throw refuse('CONFLICT', word.handling === 'RETRY' ? `“${word.label}”须重试，不能直接关闭` : `“${word.label}”没有可以重试的步骤`)
  if (!mayHandle(incident, call.me)) throw refuse(incident.is_actor ? 'FOUR_EYES' : 'FORBIDDEN', WHY_NOT)
  if (word.apart && incident.case_id !== null) await guardApart(call, incident.case_id)
  if (incident.case_id !== null && incident.payment_id !== null && (await isAwaited(call, incident.case_id)))
    throw refuse('CONFLICT', AWAITED)
  return incident
}

/** Whom one acts for counts in full: what they have had a hand in, or must stay away from, is not for whoever stands in for them either. */
async function guardApart(call: DeskCall, caseId: string): Promise<void> {
  const actor = await readActor(call.tx, call.me.staffId, caseId, call.me.businessDate)
  const held = heldAs(call.me, ['RISK'])
  if (held?.delegatedBy !== undefined && actor.principals.get(held.delegatedBy)?.groupHeld) throw refuse('FOUR_EYES', WHY_NOT)
  const [away] = mustStayAway(actor, held)
  if (away) throw refuse(away.code, away.text)
}

/** The post by which somebody handles an incident; their own comes first. */
const heldAs = (me: SignedIn, posts: readonly Post[]): PostHeld | undefined =>
  me.posts
    .filter(({ post }) => posts.includes(post))
    .toSorted((a, b) => Number(a.delegatedBy !== undefined) - Number(b.delegatedBy !== undefined))[0]

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
  return heldAs(me, mayClose) !== undefined && !(apart && isActor)
}

const present = (row: IncidentRow, me: SignedIn, claim: Claim | undefined, finding: FindingRow | undefined) => ({
  id: row.incident_id,
  kind: row.kind,
  caseId: row.case_id,
  caseNumber: row.case_number,
  reference: row.reference,
  detail: row.detail,
  state: row.state,
  createdAt: row.created_at,
  handling: incidentWord(row.kind).handling,
  mayHandle: row.state === 'OPEN' && finding?.state !== 'FOUND' && mayHandle(row, me),
  handled: row.handled_by_name && row.handled_at ? { by: row.handled_by_name, at: row.handled_at, reason: row.retry_reason ?? '' } : null,
  claim: claim
    ? { claim: claim.payment.claim, from: firstDayOf(claim.payment), against: mayFollowBank(claim.payment).map(({ text }) => text) }
    : null,
  finding: finding ? presentFinding(finding) : null,
})
