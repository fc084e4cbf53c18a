import { randomUUID } from 'node:crypto'
import type { CaseKind, CommandResult, DecisionInput, StoredAnswer } from '#contracts/cases.ts'
import type { Refusal } from '#contracts/problem.ts'
import { fault, transact } from '#db/fault.ts'
import { readCaseFile } from '#db/read/case-page.ts'
import { answerCommand, readCommand, receiveCommand, type Receipt } from '#db/write/commands.ts'
import { bodyHash, type Call } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'
import { spendOneTimeCode } from './one-time-codes.ts'

/**
 * Carries a decision to its case: receipt first, then the engine, then whatever the command's row says. However the way through the
 * engine ended, the row decides what is answered, so a lost reply is never a lost or doubled decision.
 */
export async function decide(call: Call, caseId: string, body: DecisionInput): Promise<CommandResult> {
  const kase = await call.read((db) => readCaseFile(db, caseId))
  if (!kase) throw refuse('NOT_FOUND')
  const receipt = await writeReceipt(call, caseId, body)
  if (receipt.kind === 'OTHER_BODY') throw refuse('KEY_REUSED')
  if (receipt.kind === 'ANSWERED') {
    call.res.setHeader('Idempotent-Replay', 'true')
    return answerOf(receipt.answer)
  }

  const { commandId } = receipt
  const { engine, desk } = call.parts
  const [kind, ref] = [kase.kind as CaseKind, { commandId, expectedVersion: call.version }]
  let way = await engine.decide(kind, caseId, ref)
  if (way.kind === 'ENDED' && (await isOpen(call, caseId))) {
    // Not started yet, or lost by the engine: the record says open, so it is started from its record, and asked again.
    await engine.restart(kind, caseId)
    way = await engine.decide(kind, caseId, ref)
  }
  await fault('case-command.engine-answered')
  if (way.kind === 'ANSWERED') return answerOf(way.outcome.answer)

  const row = await readCommand(desk, commandId)
  if (row?.answer) return answerOf(row.answer as StoredAnswer)
  if (way.kind === 'STALE') return settle(call, commandId, { code: 'STALE', ...(await lastDecider(call, caseId)) })
  if (way.kind === 'ENDED') return settle(call, commandId, { code: 'CONFLICT', detail: '案件已办结' })
  // Nothing of it has become true. The bug is on the incidents page; once it is mended the officer decides again, under a new key.
  if (way.kind === 'BROKEN') return settle(call, commandId, { code: 'INTERNAL', detail: '系统在办理时出错，已登记异常；您的办理没有生效' })
  if (way.kind === 'DOWN') throw refuse('UNAVAILABLE', '流程引擎暂时不可用，您的办理尚未生效，可稍后原样重试')
  // The engine has it, or will have it when it is started again: the console follows the command's address.
  call.res.status(202).setHeader('Location', `/api/commands/${commandId}`)
  call.res.json({ commandId, state: 'RUNNING' })
  return { commandId, state: 'RUNNING' }
}

/** The receipt and the one-time code in one transaction: a code is spent once, and a repeat of the same command does not need another. */
function writeReceipt(call: Call, caseId: string, body: DecisionInput): Promise<Receipt> {
  const { oneTimeCode, ...kept } = body
  return transact(call.parts.desk, 'receipt', async (tx) => {
    const earlier = await tx
      .selectFrom('command')
      .select('command_id')
      .where('actor_id', '=', call.me.staffId)
      .where('idempotency_key', '=', call.key)
      .executeTakeFirst()
    const steppedUp = !earlier && oneTimeCode !== undefined && (await spendOneTimeCode(tx, call.parts, call.me.staffId, oneTimeCode))
    if (!earlier && oneTimeCode !== undefined && !steppedUp) throw refuse('STEP_UP_NEEDED', '动态口令不正确或已使用')
    return receiveCommand(tx, {
      commandId: randomUUID(),
      actorId: call.me.staffId,
      key: call.key,
      bodyHash: bodyHash('decide', caseId, call.version, kept),
      caseId,
      action: body.action,
      expectedVersion: call.version,
      body: { ...kept, ...(body.terms ? { terms: { amountFen: String(body.terms.amountFen), months: body.terms.months } } : {}) },
      steppedUp,
    })
  })
}

function answerOf(answer: StoredAnswer): CommandResult {
  if ('refused' in answer) throw new RefusalError(answer.refused)
  return answer.done as CommandResult
}

async function settle(call: Call, commandId: string, refusal: Refusal): Promise<never> {
  await answerCommand(call.parts.desk, commandId, { refused: refusal })
  throw new RefusalError(refusal)
}

const isOpen = async (call: Call, caseId: string): Promise<boolean> => (await call.read((db) => readCaseFile(db, caseId)))?.open ?? false

async function lastDecider(call: Call, caseId: string): Promise<{ decidedBy?: string; decidedAt?: string }> {
  const last = await call.parts.desk
    .selectFrom('decision')
    .leftJoin('staff', 'staff.staff_id', 'decision.actor_id')
    .select(['staff.name', 'decision.decided_at'])
    .where('decision.case_id', '=', caseId)
    .orderBy('decision.seq', 'desc')
    .executeTakeFirst()
  return last ? { decidedBy: last.name ?? '系统', decidedAt: last.decided_at } : {}
}
