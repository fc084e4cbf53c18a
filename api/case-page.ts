import type { CaseView } from '#contracts/api/cases.ts'
import type { CaseKind } from '#contracts/cases.ts'
import { maskIdNumber, maskName, maskPhone } from '#contracts/masking.ts'
import type { Post } from '#contracts/posts.ts'
import type { Stage } from '#contracts/stages.ts'
import type { Reader } from '#db/connect.ts'
import { readActor } from '#db/read/actor.ts'
import { hasPayment, readPaymentEvents } from '#db/read/case-page.ts'
import { readCaseRecord, type CaseRecord } from '#db/read/case-record.ts'
import { readLastDecision } from '#db/read/decisions.ts'
import { readFindingsOfCase } from '#db/read/findings.ts'
import { awaitedOf, awaitedTask, mayAct, personsOf } from '#rules/cases/may-act.ts'
import { mayAmend, mayCheckDocument, mayClaim, mayCopy, mayNote, mayUpload } from '#rules/cases/may-file.ts'
import { mayRecall } from '#rules/cases/may-recall.ts'
import { stageOf, stageTables } from '#rules/cases/stage-tables.ts'
import { presentRows } from './case-rows.ts'
import { presentClock } from './case-clock.ts'
import { presentContributions } from './case-contributions.ts'
import { presentQuestions } from './case-questions.ts'
import { presentTimeline } from './case-timeline.ts'
import { kindObstacles } from './kind-obstacles.ts'
import { openTo, presentDocuments, presentPapers, presentPayments, presentSources, presentVerdicts, presentVouchers } from './case-facts.ts'
import type { Call } from './mount.ts'
import { refuse } from './problems.ts'

type CaseFile = NonNullable<CaseRecord['kase']>
type Tasks = CaseRecord['tasks']
type Decisions = CaseRecord['decisions']

/** Everything one page says about a case, read in the caller's context in one transaction. @throws RefusalError NOT_FOUND */
export async function readCasePage(db: Reader, call: Call, caseId: string): Promise<{ view: CaseView; kase: CaseFile }> {
  const { kase, ...record } = await readCaseRecord(db, caseId)
  if (!kase) throw refuse('NOT_FOUND')
  return { view: await presentPage(db, call, kase, record), kase }
}

async function presentPage(db: Reader, call: Call, kase: CaseFile, record: Omit<CaseRecord, 'kase'>): Promise<CaseView> {
  const { tasks, decisions, wants, parties, verdicts, payments, copies } = record
  const today = call.me.businessDate
  const mine = tasks.find((task) => call.me.posts.some(({ post, orgId }) => post === task.post && orgId === task.org_id)) ?? tasks[0]
  const paid = payments.length > 0
  const [[row], { clock, usedOn }, possible, paymentEvents, findings, paymentsElsewhere] = await Promise.all([
    presentRows(db, [listed(kase, mine)], today, call.me.staffId),
    presentClock(db, kase, record.spans, today),
    possibleActs(call, kase, tasks),
    paid ? readPaymentEvents(db, kase.case_id) : [],
    paid ? readFindingsOfCase(db, kase.case_id) : [],
    !paid && wasReleased(decisions) && hasPayment(call.parts.desk, kase.case_id),
  ])
  if (!row) throw refuse('NOT_FOUND')
  return {
    case: row,
    org: { orgId: kase.org_id, name: kase.org_name },
    createdAt: kase.created_at,
    createdBy: kase.creator_name,
    acceptedOn: kase.accepted_on,
    clock,
    stages: stageMap(kase, decisions),
    ...possible.view,
    questions: presentQuestions(kase.stage, verdicts),
    tasks: presentTasks(tasks, call.me.staffId),
    timeline: presentTimeline(kase.kind as CaseKind, { ...record, decisions, copies }, usedOn),
    wants: wants.map((want) => ({
      item: want.item,
      reason: want.reason,
      askedStage: stageOf(kase.kind as CaseKind, want.asked_stage).label,
      noticeNo: want.notice_no,
      satisfied: want.satisfied_at !== null,
    })),
    parties: parties.map((party) => ({
      partyNo: party.party_no,
      role: party.role,
      name: maskName(party.name),
      idNumber: opened(call, party.id_number_enc, maskIdNumber),
      phone: opened(call, party.phone_enc, maskPhone),
      bornOn: party.born_on,
      unitName: party.unit_name,
    })),
    verdicts: presentVerdicts(verdicts),
    contributions: presentContributions(verdicts, parties),
    sources: presentSources(record.sources),
    documents: presentDocuments(record.documents, possible.againstCheck),
    papers: presentPapers(record.papers),
    payments: presentPayments(payments, paymentEvents, findings),
    paymentsElsewhere,
    vouchers: presentVouchers(record.postings),
    copyUnread: copies.some((copy) => copy.staff_id === call.me.staffId && copy.read_at === null),
  }
}

/** Nothing is paid unless it has lain before the cashier, and every reader of a case sees what was decided in it. */
const wasReleased = (decisions: Decisions): boolean => decisions.some(({ stage }) => stage === 'RELEASE_REQUESTED')

const presentTasks = (tasks: Tasks, myId: string): CaseView['tasks'] =>
  tasks.map((task) => ({
    post: task.post as Post,
    orgName: task.org_name,
    arrivedAt: task.arrived_at,
    // Once the notice is delivered the applicant's time runs, not the post's.
    dueOn: task.due_whose === 'APPLICANT' ? null : task.due_on,
    claimedBy: task.claimed_name,
    claimedAt: task.claimed_at,
    claimedByMe: task.claimed_by === myId,
    candidates: task.candidates,
  }))

/** The case as a row of a list, so that page and list say the same. */
function listed(kase: CaseFile, task: Tasks[number] | undefined) {
  return {
    case_id: kase.case_id,
    kind: kase.kind as CaseKind,
    case_number: kase.case_number,
    applicant_masked: kase.applicant_masked,
    amount_fen: kase.amount_fen,
    stage: kase.stage,
    stage_version: kase.stage_version,
    open: kase.open,
    clock_state: kase.clock_state,
    clock_unit: kase.clock_unit,
    clock_due_on: kase.due_on,
    task_counts_on: task?.counts_on ?? null,
    task_due_whose: task?.due_whose ?? null,
    org_name: kase.org_name,
    post: (task?.post ?? null) as Post | null,
    arrived_at: task?.arrived_at ?? kase.stage_entered_at,
    claimed_by: task?.claimed_by ?? null,
    claimed_name: task?.claimed_name ?? null,
    claimed_at: task?.claimed_at ?? null,
    previous_opinion: task?.previous_opinion ?? null,
    cursor: '',
  }
}

/** Every stage of the table with what the case has done there: the map prints this and nothing of its own. */
function stageMap(kase: CaseFile, decisions: Decisions): CaseView['stages'] {
  const table: Record<string, Stage> = stageTables[kase.kind as CaseKind]
  const visits = new Map<string, number>()
  // Taking back a decision is no visit of the stage it is taken back from.
  for (const decision of decisions.filter(({ action }) => action !== 'recall'))
    visits.set(decision.stage, (visits.get(decision.stage) ?? 0) + 1)
  const here = stageOf(kase.kind as CaseKind, kase.stage)
  const next = new Set(Object.values(here.actions).flatMap((action) => action.to))
  return Object.entries(table)
    .filter(([name, stage]) => !stage.terminal || name === kase.stage || stage.aim || next.has(name))
    .map(([name, stage]) => ({
      stage: name,
      label: stage.label,
      order: stage.order,
      posts: [...stage.posts],
      visits: visits.get(name) ?? 0,
      terminal: stage.terminal ?? false,
      state:
        name === kase.stage
          ? 'CURRENT'
          : visits.has(name)
            ? 'DONE'
            : next.has(name)
              ? 'NEXT'
              : stage.order < here.order
                ? 'SKIPPED'
                : 'AHEAD',
    }))
}

/** Every act that the stage knows, allowed or with all reasons why not: asked of the same rules as when it is done. */
async function possibleActs(call: Call, kase: CaseFile, tasks: Tasks) {
  const { desk } = call.parts
  const [actor, lastDecision] = await Promise.all([
    readActor(desk, call.me.staffId, kase.case_id, call.me.businessDate),
    readLastDecision(desk, kase.case_id),
  ])
  const [stage, stages] = [stageOf(kase.kind as CaseKind, kase.stage), Object.values<Stage>(stageTables[kase.kind as CaseKind])]
  const awaited = awaitedOf(tasks)
  const common = mayAct(stage, actor, awaited)
  const ofKind = await kindObstacles(desk, kase, call.me.businessDate, personsOf(actor, awaitedTask(actor, awaited)?.held))
  const actions = Object.entries(stage.actions).map(([name, action]) => {
    const against = ofKind(name)
    const obstacles = [...common, ...against]
    return {
      action: name,
      label: action.label,
      tone: action.tone,
      // Where of several places only some are open now, the others are not offered.
      to: action.to
        .filter((to) => ofKind(name, to).length <= against.length)
        .map((to) => ({ stage: to, label: stageOf(kase.kind as CaseKind, to).label })),
      needs: [...(action.needs ?? [])],
      allowed: obstacles.length === 0,
      obstacles: obstacles.map(({ code, text }) => ({ code, text })),
    }
  })
  const against = mayRecall(lastDecision, { stage: kase.stage, staffId: call.me.staffId }, (name) => stageOf(kase.kind as CaseKind, name))
  return {
    view: {
      actions,
      canRecall: openTo(against),
      canAmend: stage.amendable ? openTo(mayAmend(stage, actor, awaited)) : null,
      canUpload: openTo(mayUpload(stage, actor, awaited)),
      canNote: openTo(mayNote(stages, actor)),
      canCopy: openTo(mayCopy(stages, actor)),
      canClaim: openTo(mayClaim(stage, actor, awaited)),
    },
    againstCheck: (uploadedBy: string) => mayCheckDocument(stage, actor, awaited, uploadedBy),
  }
}

/** One number that no key opens is somebody's to mend; the case around it must stay readable. */
function opened({ parts, res }: Call, sealed: Buffer | null, mask: (text: string) => string): string | null {
  if (!sealed) return null
  try {
    return mask(parts.vault.open(sealed))
  } catch (error) {
    parts.log.error({ err: error, requestId: res.getHeader('X-Request-Id') }, 'a sealed number does not open')
    return '无法读取'
  }
}
