import { randomUUID } from 'node:crypto'
import { pageInfoOf } from '#contracts/api/page.ts'
import type { Narrowing } from '#db/read/case-filters.ts'
import { listCases } from '#db/read/case-lists.ts'
import type { ListName } from '#db/read/case-sources.ts'
import { countTasks } from '#db/read/task-counts.ts'
import { readCaseFile, readParties } from '#db/read/case-page.ts'
import { businessTime } from '#db/read/time.ts'
import { readCommand } from '#db/write/commands.ts'
import { auditCase, type AuditedCase } from '#db/write/audit.ts'
import { noteLook } from '#db/write/read-log.ts'
import { recordEvent, type LockedCase } from '#db/write/cases.ts'
import { claimTask, releaseTask } from '#db/write/claims.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import type { CaseView } from '#contracts/api/cases.ts'
import type { CommandResult, StoredAnswer } from '#contracts/cases.ts'
import { readAuditTrail } from './audit-page.ts'
import { presentRows } from './case-rows.ts'
import { readCasePage } from './case-page.ts'
import { namedColleagues } from './colleagues.ts'
import { decide } from './decide.ts'
import { guardClaim, guardCopy, guardNote } from './file-rights.ts'
import type { Call, DeskCall, Handlers } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'

/** Seconds a revealed value stays on the screen. */
const REVEAL_SECONDS = 60

type Names =
  | 'listTasks'
  | 'searchTasks'
  | 'countTasks'
  | 'listCases'
  | 'searchCases'
  | 'readCase'
  | 'decide'
  | 'readCommand'
  | 'claim'
  | 'release'
  | 'addNote'
  | 'copyTo'
  | 'readCopy'
  | 'reveal'
  | 'readAudit'
  | 'search'

export const caseHandlers: Pick<Handlers, Names> = {
  listTasks: ({ params, query }, call) => page(call, params.list, query, ofTasks(query)),
  searchTasks: ({ params, query, body }, call) => page(call, params.list, query, { ...ofTasks(query), q: body.q }),
  listCases: ({ query }, call) => page(call, 'all', query, ofCases(query)),
  searchCases: ({ query, body }, call) => page(call, 'all', query, { ...ofCases(query), q: body.q }),

  countTasks: (_input, call) =>
    call.read(async (db) => {
      const counts = await countTasks(db, call.me)
      return { ...counts, byStage: counts.byStage.map((row) => ({ ...row, stageLabel: stageOf(row.kind, row.stage).label })) }
    }),

  search: ({ body }, call) =>
    call.read(async (db) => {
      const { rows } = await listCases(db, 'all', call.me, { q: body.q, limit: 20 })
      return { rows: await presentRows(db, rows, call.me.businessDate, call.me.staffId) }
    }),

  readCase: async ({ params }, call) => {
    const { view, kase } = await call.read((db) => readCasePage(db, call, params.caseId))
    await noteReading(call, kase, view)
    call.res.setHeader('ETag', `"v${view.case.stageVersion}"`)
    return view
  },

  decide: ({ params, body }, call) => decide(call, params.caseId, body),

  readCommand: async ({ params }, call) => {
    const row = await readCommand(call.parts.desk, params.commandId)
    if (!row || row.actor_id !== call.me.staffId) throw refuse('NOT_FOUND')
    const answer = row.answer as StoredAnswer | null
    if (!answer) return { commandId: row.command_id, state: 'RUNNING' as const }
    if ('refused' in answer) throw new RefusalError(answer.refused)
    return answer.done as CommandResult
  },

  claim: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    await guardClaim(call, kase)
    const outcome = await claimTask(call.tx, kase.case_id, call.me, body.takeOverReason)
    if ('refused' in outcome) throw new RefusalError(outcome.refused)
    if (outcome.tookOver) await audit(call, kase, 'take-over', { reason: body.takeOverReason })
    await recordEvent(call.tx, kase, 'CLAIMED')
    return { claimedAt: outcome.claimedAt }
  },

  release: async ({ params }, call) => {
    const kase = await visibleCase(call, params.caseId)
    if (!(await releaseTask(call.tx, kase.case_id, call.me.staffId))) throw refuse('CONFLICT', '您没有认领此案')
    await recordEvent(call.tx, kase, 'RELEASED')
    return {}
  },

  addNote: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    await guardNote(call, kase)
    const noteId = randomUUID()
    const { now } = await businessTime(call.tx)
    await call.tx
      .insertInto('case_note')
      .values({
        note_id: noteId,
        case_id: kase.case_id,
        org_id: kase.org_id,
        access_group_id: kase.access_group_id,
        staff_id: call.me.staffId,
        kind: body.kind,
        text: body.text,
        at: now,
      })
      .execute()
    await audit(call, kase, `note/${body.kind}`, { note: noteId })
    await recordEvent(call.tx, kase, body.kind)
    return { noteId }
  },

  copyTo: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    await guardCopy(call, kase)
    await namedColleagues(
      call,
      body.staffIds.map((staffId, index) => ({ staffId, pointer: `#/staffIds/${index}` })),
    )
    const { now } = await businessTime(call.tx)
    for (const staffId of body.staffIds) {
      await call.tx
        .insertInto('case_copy')
        .values({
          case_id: kase.case_id,
          staff_id: staffId,
          copied_by: call.me.staffId,
          org_id: kase.org_id,
          access_group_id: kase.access_group_id,
          remark: body.remark,
          at: now,
          read_at: null,
        })
        .onConflict((conflict) => conflict.columns(['case_id', 'staff_id']).doUpdateSet({ remark: body.remark, at: now, read_at: null }))
        .execute()
    }
    await audit(call, kase, 'copy', { to: body.staffIds })
    await recordEvent(call.tx, kase, 'COPIED')
    return { copied: body.staffIds.length }
  },

  // Only the first opening counts, and only whom it was copied to: anybody else's changes nothing.
  readCopy: async ({ params }, call) => {
    const kase = await visibleCase(call, params.caseId)
    const { now } = await businessTime(call.tx)
    await call.tx
      .updateTable('case_copy')
      .set({ read_at: now })
      .where('case_id', '=', kase.case_id)
      .where('staff_id', '=', call.me.staffId)
      .where('read_at', 'is', null)
      .execute()
    return {}
  },

  reveal: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    const party = (await call.read((db) => readParties(db, kase.case_id))).find((one) => one.party_no === body.partyNo)
    if (!party) throw refuse('NOT_FOUND')
    const sealed = { name: null, idNumber: party.id_number_enc, phone: party.phone_enc }[body.field]
    if (body.field !== 'name' && !sealed) throw refuse('NOT_FOUND')
    await audit(call, kase, 'reveal', { party: body.partyNo, field: body.field, reason: body.reason })
    return { value: sealed ? call.parts.vault.open(sealed) : party.name, secondsVisible: REVEAL_SECONDS }
  },

  readAudit: ({ params }, call) =>
    call.read(async (db) => {
      if (!(await readCaseFile(db, params.caseId))) throw refuse('NOT_FOUND')
      return readAuditTrail(db, params.caseId)
    }),
}

/** Who has looked at what the sources have told of people, and in which posts: before the page leaves (《征信业管理条例》, domain: 谁看过征信). */
async function noteReading(call: Call, kase: LockedCase, view: CaseView): Promise<void> {
  const sections = [
    ...(view.parties.length > 0 ? ['FAMILY'] : []),
    ...(view.sources.length > 0 || view.verdicts.length > 0 ? ['CREDIT', 'DISHONEST_DEBTORS'] : []),
  ]
  // An assigned bank sees the terms and nothing of this.
  if (sections.length === 0) return
  const posts = [...new Set(call.me.posts.map(({ post }) => post))].toSorted()
  await noteLook(call.parts.desk, {
    kase,
    staffId: call.me.staffId,
    act: 'read/case',
    body: { sections, posts, version: view.case.stageVersion },
  })
}

/** Where in a list to begin, and how much of it to show. */
interface Window {
  readonly after?: string | undefined
  readonly limit: number
}

type QueryOf<Name extends 'listTasks' | 'listCases'> = Parameters<Handlers[Name]>[0]['query']

const ofTasks = (query: QueryOf<'listTasks'>): Narrowing => ({
  ...query,
  returned: query.returned === 'true',
  unread: query.unread === 'true',
})

const ofCases = (query: QueryOf<'listCases'>): Narrowing => ({
  ...query,
  returned: query.returned === 'true',
  open: query.open === undefined ? undefined : query.open === 'true',
})

function page(call: Call, list: ListName, { after, limit }: Window, narrowing: Narrowing) {
  return call.read(async (db) => {
    const { rows, more, total, totalIsExact, sumFen } = await listCases(db, list, call.me, { ...narrowing, after, limit })
    return {
      rows: await presentRows(db, rows, call.me.businessDate, call.me.staffId),
      pageInfo: pageInfoOf(more ? (rows.at(-1)?.cursor ?? null) : null),
      total,
      totalIsExact,
      sumFen: sumFen === undefined ? null : String(sumFen),
      asOf: call.parts.clock.instant(),
    }
  })
}

/** The case as this person sees it; 404 in the same words for what does not exist and what they may not see. */
export async function visibleCase(call: Call, caseId: string): Promise<LockedCase> {
  const kase = await call.read((db) => readCaseFile(db, caseId))
  if (!kase) throw refuse('NOT_FOUND')
  return kase
}

/** Puts down in the case what the caller has done there without deciding anything; in the same transaction. */
export const audit = (call: Pick<DeskCall, 'tx' | 'me'>, kase: AuditedCase, act: string, body: Record<string, unknown>) =>
  auditCase(call.tx, kase, `staff/${call.me.staffId}`, act, body)
