import { randomUUID } from 'node:crypto'
import { pageInfoOf } from '#contracts/api/page.ts'
import { daysBetween, type PlainDate } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import { claimedTasks, listBalances, listPayments, listStaff, sumPayments, type StaffListed } from '#db/read/house.ts'
import { readDelegations } from '#db/read/delegations.ts'
import { businessTime, readClock } from '#db/read/time.ts'
import { auditDesk } from '#db/write/audit.ts'
import { advanceBusinessClock } from '#db/write/business-clock.ts'
import { recordEvent } from '#db/write/cases.ts'
import { handOverTask } from '#db/write/claims.ts'
import { forSql } from '#db/connect.ts'
import { presentPayment } from './case-facts.ts'
import { guardIncompatible, namedColleagues } from './colleagues.ts'
import type { DeskCall, Handlers } from './mount.ts'
import { invalid, refuse, RefusalError } from './problems.ts'

type Names =
  | 'listStaff'
  | 'listOrgs'
  | 'delegate'
  | 'listDelegations'
  | 'revokeDelegation'
  | 'handOver'
  | 'listPayments'
  | 'listBalances'
  | 'readCalendar'
  | 'readClock'
  | 'advanceClock'

export const houseHandlers: Pick<Handlers, Names> = {
  listStaff: ({ query }, call) =>
    call.read(async (db) => {
      const { rows, after, total } = await listStaff(db, query, query)
      return { rows: rows.map(presentStaff), pageInfo: pageInfoOf(after), total }
    }),

  listOrgs: (_input, call) =>
    call.read(async (db) => {
      const rows = await forSql(db).selectFrom('org').selectAll().orderBy('org_id').execute()
      return {
        rows: rows.map((row) => ({
          orgId: row.org_id,
          kind: row.kind,
          name: row.name,
          parentOrgId: row.parent_org_id,
          reportingEntity: row.reporting_entity,
        })),
      }
    }),

  delegate: async ({ body }, call) => {
    guardSpan(body, call.me.businessDate)
    if (body.toStaffId === call.me.staffId) throw refuse('RULES_REFUSE', '不得委托本人代理')
    const own = call.me.posts.find(({ post, delegatedBy }) => post === body.post && delegatedBy === undefined)
    if (!own) throw refuse('FORBIDDEN', '您本人不任此岗位，不能委托')
    // Whoever stands in sees what the organisation sees: only somebody of the same house may, or one signature would open it to another.
    const [colleague] = await namedColleagues(call, [{ staffId: body.toStaffId, pointer: '#/toStaffId' }])
    if (!colleague?.active || colleague.orgId !== own.orgId) throw refuse('RULES_REFUSE', '只能委托本机构在岗的同事')
    await guardIncompatible(call, body.toStaffId, body.post)
    const delegationId = randomUUID()
    await call.tx
      .insertInto('delegation')
      .values({
        delegation_id: delegationId,
        from_staff_id: call.me.staffId,
        to_staff_id: body.toStaffId,
        post: body.post,
        from_on: body.fromOn,
        to_on: body.toOn,
        revoked_at: null,
      })
      .execute()
    await auditDesk(call.tx, call.me, 'delegate', {
      delegation: delegationId,
      to: body.toStaffId,
      post: body.post,
      fromOn: body.fromOn,
      toOn: body.toOn,
    })
    return { delegationId }
  },

  listDelegations: (_input, call) =>
    call.read(async (db) => {
      const rows = await readDelegations(db, call.me.businessDate)
      return {
        rows: rows.map((row) => ({
          id: row.delegation_id,
          direction: row.from_staff_id === call.me.staffId ? 'GIVEN' : 'RECEIVED',
          person: row.from_staff_id === call.me.staffId ? row.to_name : row.from_name,
          post: row.post as Post,
          fromOn: row.from_on,
          toOn: row.to_on,
          current: row.from_on <= call.me.businessDate,
        })),
      }
    }),

  // Posts are read with every request: the delegate's next one is without it.
  revokeDelegation: async ({ params }, call) => {
    const { now } = await businessTime(call.tx)
    const revoked = await call.tx
      .updateTable('delegation')
      .set({ revoked_at: now })
      .where('delegation_id', '=', params.delegationId)
      .where('from_staff_id', '=', call.me.staffId)
      .where('revoked_at', 'is', null)
      .where('to_on', '>=', call.me.businessDate)
      .returning(['to_staff_id', 'post'])
      .executeTakeFirst()
    if (!revoked) throw refuse('NOT_FOUND')
    await auditDesk(call.tx, call.me, 'delegate/revoke', { delegation: params.delegationId, to: revoked.to_staff_id, post: revoked.post })
    return {}
  },

  // A leaver's inbox goes to a colleague of the same post, but not where that colleague already acted in the case or must stay away from it.
  handOver: async ({ body }, call) => {
    await guardReceiver(call, body.toStaffId)
    const rows = await claimedTasks(call.tx, call.me.staffId, body.toStaffId)
    const kept: { caseNumber: string; reason: string }[] = []
    let moved = 0
    for (const row of rows) {
      if (!row.same_post) kept.push({ caseNumber: row.case_number, reason: '对方不任此岗位' })
      else if (row.related) kept.push({ caseNumber: row.case_number, reason: '对方应当回避' })
      else if (row.barred) kept.push({ caseNumber: row.case_number, reason: '对方已参与本案' })
      else {
        await handOverTask(call.tx, row.task_id, body.toStaffId, body.reason)
        await recordEvent(call.tx, row, 'HANDED_OVER')
        moved++
      }
    }
    await auditDesk(call.tx, call.me, 'hand-over', { to: body.toStaffId, moved, kept: kept.length, reason: body.reason })
    return { moved, kept }
  },

  listPayments: ({ query }, call) =>
    call.read(async (db) => {
      const { rows, after } = await listPayments(db, query.state, query)
      const sums = await sumPayments(db)
      return {
        rows: rows.map((row) => ({ id: row.payment_id, caseId: row.case_id, caseNumber: row.case_number, ...presentPayment(row) })),
        pageInfo: pageInfoOf(after),
        total: sums.filter((one) => query.state === undefined || one.state === query.state).reduce((total, one) => total + one.count, 0),
        sums: sums.map((one) => ({ state: one.state, count: one.count, amountFen: String(one.amount) })),
      }
    }),

  listBalances: (_input, call) =>
    call.read(async (db) => {
      const { rows, sum } = await listBalances(db)
      return {
        rows: rows.map((row) => ({
          ledgerCode: row.code,
          ledgerName: row.name,
          subAccount: row.sub,
          subName: row.sub_name,
          debitFen: row.amount > 0n ? String(row.amount) : '0',
          creditFen: row.amount < 0n ? String(-row.amount) : '0',
          reservedFen: String(row.reserved),
        })),
        balanced: sum === 0n,
      }
    }),

  readCalendar: ({ params }, call) =>
    call.read(async (db) => {
      const year = await forSql(db).selectFrom('calendar_year').selectAll().where('year', '=', params.year).executeTakeFirst()
      const days = await forSql(db)
        .selectFrom('calendar_day')
        .select(['day', 'working', 'name'])
        .where('year', '=', params.year)
        .orderBy('day')
        .execute()
      return { known: year !== undefined, source: year?.source ?? null, days }
    }),

  readClock: (_input, call) => call.read((db) => readClock(db)),

  // Moving the date is all that happens here: the cases with something due are found and woken by the relay, from the record.
  advanceClock: async ({ body }, call) => {
    const moved = await advanceBusinessClock(call.tx, body.to, call.me)
    if ('refused' in moved) throw new RefusalError(moved.refused)
    return moved
  },
}

/** A quarter of a year, first and last day counted. */
const DELEGATION_DAYS_MAX = 93

/** @throws RefusalError INVALID_INPUT when the days run backwards, are too many, or are over: nobody would stand in on any of them */
function guardSpan({ fromOn, toOn }: { readonly fromOn: PlainDate; readonly toOn: PlainDate }, today: PlainDate): void {
  const days = daysBetween(fromOn, toOn) + 1
  if (days < 1) throw invalid('#/toOn', 'OUT_OF_RANGE', '代理的截止日期早于起始日期')
  if (days > DELEGATION_DAYS_MAX) throw invalid('#/toOn', 'OUT_OF_RANGE', `代理期限至多${DELEGATION_DAYS_MAX}天`)
  if (toOn < today) throw invalid('#/toOn', 'OUT_OF_RANGE', `代理的截止日期已过，营业日期为 ${today}`)
}

/** @throws RefusalError INVALID_INPUT when what is handed over would reach nobody: oneself, somebody unknown, or somebody who does not come in */
async function guardReceiver(call: DeskCall, toStaffId: string): Promise<void> {
  if (toStaffId === call.me.staffId) throw invalid('#/toStaffId', 'ONESELF', '待办已在本人名下，请选择其他同事')
  const [colleague] = await namedColleagues(call, [{ staffId: toStaffId, pointer: '#/toStaffId' }])
  if (!colleague?.active) throw invalid('#/toStaffId', 'NOT_ACTIVE', '此人已锁定或离岗，不能接收待办')
}

/** Somebody of the house as lists and proposals show them. */
export const presentStaff = (row: StaffListed) => ({
  id: row.id,
  staffNumber: row.staff_number,
  name: row.name,
  orgId: row.org_id,
  orgName: row.org_name,
  orgKind: row.org_kind,
  state: row.state,
  posts: row.posts,
})
