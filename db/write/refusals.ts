import type { StoredAnswer } from '#contracts/cases.ts'
import type { Refusal } from '#contracts/problem.ts'
import type { Tx } from '../connect.ts'
import { businessTime } from '../read/time.ts'
import { auditCase, auditDesk, type AuditedCase } from './audit.ts'
import { answerCommand, lockCommand } from './commands.ts'

/** The case that a refused command was meant for, as it stands. */
interface RefusingCase extends AuditedCase {
  readonly stage: string
  readonly stage_version: number
}

/** A refusal in the case's own chain: a person has tried, and was told no. */
export async function auditRefusal(
  tx: Tx,
  kase: RefusingCase,
  command: { readonly commandId: string; readonly actorId: string; readonly action: string },
  { code, detail }: Refusal,
): Promise<void> {
  const { today } = await businessTime(tx)
  await auditCase(tx, kase, `staff/${command.actorId}`, `refused/${command.action}`, {
    stage: kase.stage,
    version: kase.stage_version,
    code,
    detail: detail ?? '',
    command: command.commandId,
    on: today,
  })
}

/**
 * Refuses a case command that reached no deciding transaction, with its audit row. Another way of it may have been answered meanwhile.
 * @returns what is its answer now
 */
export async function refuseCaseCommand(tx: Tx, commandId: string, refused: Refusal): Promise<StoredAnswer> {
  const command = await lockCommand(tx, commandId)
  if (!command || command.case_id === null) throw new Error('the command is of no case')
  if (command.answer) return command.answer as StoredAnswer
  const kase = await tx
    .selectFrom('case_file')
    .select(['case_id', 'org_id', 'access_group_id', 'stage', 'stage_version'])
    .where('case_id', '=', command.case_id)
    .executeTakeFirstOrThrow()
  await auditRefusal(tx, kase, { commandId, actorId: command.actor_id, action: command.action }, refused)
  await answerCommand(tx, commandId, { refused })
  return { refused }
}

/** A desk command that is refused, in the chain of the person who tried: what was addressed, and why not, without what was written in it. */
export async function auditDeskRefusal(
  tx: Tx,
  who: { readonly staffId: string; readonly orgId: string },
  command: { readonly commandId: string; readonly action: string; readonly addressed: unknown },
  { code }: Refusal,
): Promise<void> {
  const { today } = await businessTime(tx)
  await auditDesk(tx, who, `refused/${command.action}`, { code, command: command.commandId, addressed: command.addressed, on: today })
}
