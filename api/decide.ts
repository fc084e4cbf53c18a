import { randomUUID } from 'node:crypto'
import type { CaseKind, CommandResult, DecisionInput, StoredAnswer } from '#contracts/cases.ts'
import { transact } from '#db/fault.ts'
import { readKind } from '#db/read/case-page.ts'
import { noteSteppedUp, receiveCommand, type Receipt } from '#db/write/commands.ts'
import { refuseCaseCommand } from '#db/write/refusals.ts'
import { carryCommand } from './carry.ts'
import { bodyHash, type Call } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'
import { spendOneTimeCode } from './one-time-codes.ts'

/**
 * Carries a decision to its case: receipt first, then the engine, then whatever the command's row says. Whoever is told to follow the
 * command need not send it again: what has been received is carried until it has an answer.
 */
export async function decide(call: Call, caseId: string, body: DecisionInput): Promise<CommandResult> {
  const kase = await call.read((db) => readKind(db, caseId))
  if (!kase) throw refuse('NOT_FOUND')
  const receipt = await writeReceipt(call, caseId, body)
  if (receipt.kind === 'OTHER_BODY') throw refuse('KEY_REUSED')
  if (receipt.kind === 'REFUSED') return answerOf(receipt.answer)
  if (receipt.kind === 'ANSWERED') {
    call.res.setHeader('Idempotent-Replay', 'true')
    return answerOf(receipt.answer)
  }

  const { commandId } = receipt
  const { engine, desk } = call.parts
  const carried = { commandId, caseId, kind: kase.kind as CaseKind, expectedVersion: call.version }
  const answer = await carryCommand(desk, engine, carried)
  if (answer) return answerOf(answer)
  call.res.status(202).setHeader('Location', `/api/commands/${commandId}`)
  call.res.json({ commandId, state: 'RUNNING' })
  return { commandId, state: 'RUNNING' }
}

/**
 * The receipt and the one-time code in one transaction: a code is spent once, and a repeat of the same command does not need another. The
 * receipt comes first: whoever comes second waits for it, and finds what the first one has done with the code.
 */
function writeReceipt(call: Call, caseId: string, body: DecisionInput): Promise<Receipt | { kind: 'REFUSED'; answer: StoredAnswer }> {
  const { oneTimeCode, ...kept } = body
  return transact(call.parts.desk, 'receipt', async (tx) => {
    const receipt = await receiveCommand(tx, {
      commandId: randomUUID(),
      actorId: call.me.staffId,
      key: call.key,
      bodyHash: bodyHash(call.parts, 'decide', caseId, call.version, kept),
      caseId,
      action: body.action,
      expectedVersion: call.version,
      body: { ...kept, ...(body.terms ? { terms: { amountFen: String(body.terms.amountFen), months: body.terms.months } } : {}) },
      steppedUp: false,
    })
    if (receipt.kind !== 'NEW' || oneTimeCode === undefined) return receipt
    if (await spendOneTimeCode(tx, call.parts, call.me.staffId, oneTimeCode)) {
      await noteSteppedUp(tx, receipt.commandId)
      return receipt
    }
    const refusal = { code: 'STEP_UP_NEEDED', detail: '动态口令不正确或已使用' } as const
    return { kind: 'REFUSED', answer: await refuseCaseCommand(tx, receipt.commandId, refusal) }
  })
}

function answerOf(answer: StoredAnswer): CommandResult {
  if ('refused' in answer) throw new RefusalError(answer.refused)
  return answer.done as CommandResult
}
