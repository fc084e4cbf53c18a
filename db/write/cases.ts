import { randomUUID } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import type { CaseState, CaseKind } from '#contracts/cases.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { StepGroup } from '#contracts/stages.ts'
import { constraintOf, type Db, type Tx } from '../connect.ts'
import { KEPT } from '../kept-plans.ts'
import { WHOLE_CASE } from '../read/case-file.ts'
import { businessTime } from '../read/time.ts'
import type { CaseFileTable, Instant } from '../tables.ts'
import { nextCaseNumber } from './numbers.ts'
import { callRelay } from './outbox.ts'

/** A case whose row this transaction has locked; the holder decides, everyone else waits. */
export type LockedCase = Selectable<CaseFileTable>

/** Locks the case against every other decision. @returns undefined when there is none. */
export const lockCase = (tx: Tx, caseId: string): Promise<LockedCase | undefined> =>
  tx.selectFrom('case_file').select(WHOLE_CASE).where('case_id', '=', caseId).forUpdate().modifyEnd(KEPT).executeTakeFirst()

/** A case as workflow and answer know it: ids, stage and version, nothing of a person. */
export const caseState = (row: Pick<LockedCase, 'case_id' | 'kind' | 'stage' | 'stage_version' | 'open'>): CaseState => ({
  caseId: row.case_id,
  kind: row.kind as CaseKind,
  stage: row.stage,
  stageVersion: row.stage_version,
  open: row.open,
})

/**
 * Makes the persons members of the step group in this case, once and for all: all of them, or none when one holds another group already.
 * The case must be locked by `tx`. Besides this, the database itself refuses a second group.
 * @returns whether they are members now
 */
export async function joinStepGroup(
  tx: Tx,
  caseId: string,
  staffIds: readonly string[],
  group: StepGroup,
  since: Instant,
): Promise<boolean> {
  const { rows } = await sql<{ members: boolean }>`
    ${KEPT} with elsewhere as materialized (
      select 1 from case_actor where case_id = ${caseId} and staff_id = any(${[...staffIds]}) and step_group <> ${group}),
    joined as (
      insert into case_actor (case_id, staff_id, step_group, since)
      select ${caseId}::uuid, staff_id, ${group}, ${since}::timestamptz from unnest(${[...staffIds]}::uuid[]) staff_id where not exists (select from elsewhere)
      on conflict (case_id, staff_id) do nothing)
    select not exists (select from elsewhere) as members`.execute(tx)
  return rows[0]?.members ?? false
}

export interface NewCase {
  readonly kind: CaseKind
  readonly stage: string
  /** The post whose list it appears in first. */
  readonly post: string
  readonly by: { readonly staffId: string; readonly orgId: string; readonly reportingEntity: string }
  readonly stepGroup: StepGroup
  readonly claimed: boolean
  readonly applicantMasked: string | null
  readonly amountFen: bigint | null
  readonly remark: string | null
}

/**
 * Opens a case: its row and number, its opener's step group, the first task, and the start of its workflow in the outbox. What the kind
 * adds belongs to the same transaction.
 */
export async function openCaseFile(tx: Tx, opening: NewCase): Promise<LockedCase> {
  const { now, today } = await businessTime(tx)
  const { by } = opening
  const kase = await tx
    .insertInto('case_file')
    .values({
      case_id: randomUUID(),
      kind: opening.kind,
      case_number: await nextCaseNumber(tx, opening.kind, by.reportingEntity, Number(today.slice(0, 4))),
      org_id: by.orgId,
      reporting_entity: by.reportingEntity,
      stage: opening.stage,
      stage_version: 1,
      applicant_masked: opening.applicantMasked,
      amount_fen: opening.amountFen,
      created_by: by.staffId,
      created_at: now,
      created_on: today,
      stage_entered_at: now,
    })
    .returning(WHOLE_CASE)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('case_actor')
    .values({ case_id: kase.case_id, staff_id: by.staffId, step_group: opening.stepGroup, since: now })
    .execute()
  await openTask(tx, kase, { post: opening.post, orgId: by.orgId, dueOn: null, previousOpinion: opening.remark }, now)
  if (opening.claimed)
    await tx.updateTable('task').set({ claimed_by: by.staffId, claimed_at: now }).where('case_id', '=', kase.case_id).execute()
  await enqueue(tx, { kind: 'START_CASE', caseId: kase.case_id })
  return kase
}

export interface DecisionRow {
  readonly commandId: string | null
  readonly action: string
  readonly toStage: string
  readonly actorId: string | null
  readonly onBehalfOf: string | null
  readonly post: string | null
  readonly stepGroup: StepGroup | null
  readonly opinion: string
  readonly reasonCode: string | null
  readonly terms: { amountFen: string; months: number } | null
  readonly fields: Record<string, string>
}

/** Writes what was decided. @returns its place in the case */
export async function insertDecision(
  tx: Tx,
  kase: LockedCase,
  decisionId: string,
  row: DecisionRow,
  at: { now: Instant; today: PlainDate },
): Promise<number> {
  const { seq } = await tx
    .insertInto('decision')
    .values((eb) => ({
      decision_id: decisionId,
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      seq: eb
        .selectFrom('decision')
        .select(sql<number>`coalesce(max(seq), 0) + 1`.as('next'))
        .where('case_id', '=', kase.case_id),
      command_id: row.commandId,
      stage: kase.stage,
      stage_version: kase.stage_version,
      stage_entered_at: kase.stage_entered_at,
      action: row.action,
      to_stage: row.toStage,
      actor_id: row.actorId,
      on_behalf_of: row.onBehalfOf,
      post: row.post,
      step_group: row.stepGroup,
      opinion: row.opinion,
      reason_code: row.reasonCode,
      terms: row.terms ? JSON.stringify(row.terms) : null,
      fields: JSON.stringify(row.fields),
      decided_at: at.now,
      decided_on: at.today,
      recalled_by: null,
    }))
    .returning('seq')
    .modifyEnd(KEPT)
    .executeTakeFirstOrThrow()
  return seq
}

export interface NewTask {
  readonly post: string
  readonly orgId: string
  readonly dueOn: PlainDate | null
  /** Whose time ends on that day. */
  readonly dueWhose?: 'POST' | 'APPLICANT'
  readonly previousOpinion: string | null
}

/** Puts a task into the list of a post at an organisation, in the transaction that makes it due: nobody waits for the engine. */
export async function openTask(tx: Tx, kase: LockedCase, task: NewTask, now: Instant): Promise<void> {
  await tx
    .insertInto('task')
    .values({
      task_id: randomUUID(),
      case_id: kase.case_id,
      org_id: task.orgId,
      access_group_id: kase.access_group_id,
      stage: kase.stage,
      stage_version: kase.stage_version,
      post: task.post,
      arrived_at: now,
      due_on: task.dueOn,
      due_whose: task.dueWhose,
      previous_opinion: task.previousOpinion,
      claimed_by: null,
      claimed_at: null,
      assigned_to: null,
      decision_id: null,
      closed_at: null,
    })
    .modifyEnd(KEPT)
    .execute()
}

/**
 * Ends open tasks of the case with a decision: those of its post as done, or all of them where it is nobody's. The others wait on, where more
 * than one post must decide; otherwise they are no longer needed.
 * @returns whether a task is still open
 */
export async function closeTasks(
  tx: Tx,
  caseId: string,
  by: { decisionId: string; post: string | null; othersWait: boolean },
  now: Instant,
): Promise<boolean> {
  const own = sql<boolean>`(${by.post}::text is null or post = ${by.post})`
  const { rows } = await sql<{ waiting: boolean }>`
    ${KEPT} with closed as (
      update task set state = case when ${own} then 'DONE' else 'CANCELLED' end, decision_id = case when ${own} then ${by.decisionId}::uuid end,
        closed_at = ${now}
      where case_id = ${caseId} and state = 'OPEN' and (${own} or not ${by.othersWait})
      returning task_id)
    select exists (select from task where case_id = ${caseId} and state = 'OPEN' and task_id not in (select task_id from closed)) as waiting`.execute(
    tx,
  )
  return rows[0]?.waiting ?? false
}

/** The open tasks of a case, each with who has claimed it. */
export const openTasks = (tx: Db | Tx, caseId: string) =>
  tx
    .selectFrom('task')
    .leftJoin('staff', 'staff.staff_id', 'task.claimed_by')
    .select(['task.task_id', 'task.post', 'task.org_id', 'task.claimed_by', 'staff.name as claimed_name'])
    .where('task.case_id', '=', caseId)
    .where('task.state', '=', sql.lit('OPEN'))
    .modifyEnd(KEPT)
    .execute()

/**
 * Arms a deadline: on that business day the case is told. Arming the same one twice is one, and what the case has been told is not armed again:
 * a clock that was stopped and runs on may end on the day it ended on before.
 */
export async function armDeadline(
  tx: Tx,
  caseId: string,
  { code, stage, dueOn }: { code: string; stage: string | null; dueOn: PlainDate },
): Promise<void> {
  await sql`
    ${KEPT} insert into deadline (deadline_id, case_id, code, stage, due_on)
    select ${randomUUID()}::uuid, ${caseId}::uuid, ${code}, ${stage}, ${dueOn}::date
    where not exists (select from deadline where case_id = ${caseId} and code = ${code} and due_on = ${dueOn} and state = 'FIRED')
    on conflict (case_id, code, due_on) where state = 'ARMED' do nothing`.execute(tx)
}

/** Cancels armed deadlines of the case: those of a stage it leaves, or those of a code. */
export async function cancelDeadlines(
  tx: Tx,
  caseId: string,
  which: { stage: string } | { codes: readonly string[] } | 'ALL',
  now: Instant,
): Promise<void> {
  let update = tx
    .updateTable('deadline')
    .set({ state: 'CANCELLED', settled_at: now })
    .where('case_id', '=', caseId)
    .where('state', '=', sql.lit('ARMED'))
    .modifyEnd(KEPT)
  if (which !== 'ALL') update = 'stage' in which ? update.where('stage', '=', which.stage) : update.where('code', 'in', [...which.codes])
  await update.execute()
}

/** Tells the screens: ids and versions only. */
export async function recordEvent(
  tx: Tx,
  kase: Pick<LockedCase, 'case_id' | 'org_id' | 'access_group_id' | 'stage_version'>,
  kind: string,
): Promise<void> {
  await tx
    .insertInto('case_event')
    .values({ case_id: kase.case_id, org_id: kase.org_id, access_group_id: kase.access_group_id, kind, stage_version: kase.stage_version })
    .returning(sql`pg_notify('case_event', '')`.as('told'))
    .modifyEnd(KEPT)
    .execute()
}

/** Puts a message or a start into the outbox and wakes the relay. */
export async function enqueue(
  tx: Tx,
  item: { kind: 'START_CASE' | 'MESSAGE'; caseId: string | null; payload?: Record<string, unknown> },
): Promise<void> {
  await tx
    .insertInto('outbox')
    .values({ kind: item.kind, case_id: item.caseId, payload: JSON.stringify(item.payload ?? {}), last_error: null, sent_at: null })
    .execute()
  await callRelay(tx)
}

/** Both persons of a decision are held to their group in the case: whoever acts, and whoever is acted for. */
const FOUR_EYES = ['decision_case_id_actor_id_step_group_fkey', 'decision_case_id_on_behalf_of_step_group_fkey']

/** Whether an error is the database's own refusal of a second step group. */
export const isFourEyesViolation = (error: unknown): boolean => FOUR_EYES.includes(constraintOf(error) ?? '')
