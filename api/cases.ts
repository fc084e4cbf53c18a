import { randomUUID } from 'node:crypto'
import { countTasks, listCases, type ListFilter, type ListName } from '#db/read/case-lists.ts'
import { readCaseFile, readParties } from '#db/read/case-page.ts'
import { readCommand } from '#db/write/commands.ts'
import { appendAudit } from '#db/write/audit.ts'
import { recordEvent, type LockedCase } from '#db/write/cases.ts'
import { claimTask, releaseTask } from '#db/write/claims.ts'
import { stageOf } from '#rules/cases/stage-tables.ts'
import type { CommandResult, StoredAnswer } from '#contracts/cases.ts'
import { readAuditTrail } from './audit-page.ts'
import { presentRows } from './case-rows.ts'
import { readCasePage } from './case-page.ts'
import { namedColleagues } from './colleagues.ts'
import { decide } from './decide.ts'
import type { Call, DeskCall, Handlers } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'

/** Seconds a revealed value stays on the screen. */
const REVEAL_SECONDS = 60

type Names =
  | 'listTasks'
  | 'countTasks'
  | 'listCases'
  | 'readCase'
  | 'decide'
  | 'readCommand'
  | 'claim'
  | 'release'
  | 'addNote'
  | 'copyTo'
  | 'reveal'
  | 'readAudit'
  | 'search'

export const caseHandlers: Pick<Handlers, Names> = {
  listTasks: ({ params, query }, call) => page(call, params.list, { ...query, overdue: query.overdue === 'true' }),

  listCases: ({ query }, call) =>
    page(call, 'all', { ...query, overdue: query.overdue === 'true', open: query.open === undefined ? undefined : query.open === 'true' }),

  countTasks: (_input, call) =>
    call.read(async (db) => {
      const counts = await countTasks(db, call.me)
      return { ...counts, byStage: counts.byStage.map((row) => ({ ...row, stageLabel: stageOf(row.kind, row.stage).label })) }
    }),

  search: ({ query }, call) =>
    call.read(async (db) => {
      const { rows } = await listCases(db, 'all', call.me, { q: query.q, limit: 20 })
      return { rows: await presentRows(db, rows, call.me.businessDate, call.me.staffId) }
    }),

  readCase: async ({ params }, call) => {
    const view = await call.read((db) => readCasePage(db, call, params.caseId))
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
    const outcome = await claimTask(call.tx, kase.case_id, call.me, body.takeOverReason)
    if ('refused' in outcome) throw new RefusalError(outcome.refused)
    await recordEvent(call.tx, kase, 'CLAIMED')
    return outcome
  },

  release: async ({ params }, call) => {
    const kase = await visibleCase(call, params.caseId)
    if (!(await releaseTask(call.tx, kase.case_id, call.me.staffId))) throw refuse('CONFLICT', '您没有认领此案')
    await recordEvent(call.tx, kase, 'RELEASED')
    return {}
  },

  addNote: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    const noteId = randomUUID()
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
      })
      .execute()
    await audit(call, kase, `note/${body.kind}`, { note: noteId })
    await recordEvent(call.tx, kase, body.kind)
    return { noteId }
  },

  copyTo: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    await namedColleagues(
      call,
      body.staffIds.map((staffId, index) => ({ staffId, pointer: `#/staffIds/${index}` })),
    )
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
          read_at: null,
        })
        .onConflict((conflict) => conflict.columns(['case_id', 'staff_id']).doUpdateSet({ remark: body.remark, read_at: null }))
        .execute()
    }
    await audit(call, kase, 'copy', { to: body.staffIds })
    await recordEvent(call.tx, kase, 'COPIED')
    return { copied: body.staffIds.length }
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

async function page(call: Call, list: ListName, filter: Omit<ListFilter, 'after'> & { after?: string | undefined }) {
  return call.read(async (db) => {
    const { rows, total, more } = await listCases(db, list, call.me, filter)
    return {
      rows: await presentRows(db, rows, call.me.businessDate, call.me.staffId),
      pageInfo: { hasNextPage: more, after: more ? (rows.at(-1)?.cursor ?? null) : null },
      total: Math.min(total, 10_000),
      totalIsExact: total <= 10_000,
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

export const audit = (
  call: Pick<DeskCall, 'tx' | 'me'>,
  kase: Pick<LockedCase, 'case_id' | 'org_id' | 'access_group_id'>,
  act: string,
  body: Record<string, unknown>,
) =>
  appendAudit(call.tx, {
    stream: `case/${kase.case_id}`,
    caseId: kase.case_id,
    orgId: kase.org_id,
    accessGroupId: kase.access_group_id,
    actor: `staff/${call.me.staffId}`,
    act,
    body,
  })
