import { randomUUID } from 'node:crypto'
import { handAnswer, keyOf, type HandAnswer } from '#contracts/hand-answers.ts'
import { canonicalJson } from '../canonical.ts'
import type { Tx } from '../connect.ts'
import type { Instant } from '../tables.ts'
import type { LockedCase } from './cases.ts'

/** Keeps what an officer has read on paper, with the paper and what it is about. An earlier answer stays; the newest one counts. */
export async function keepHandAnswers(
  tx: Tx,
  kase: LockedCase,
  answers: readonly { readonly answer: HandAnswer; readonly subject: Buffer }[],
  by: { readonly staffId: string; readonly at: Instant },
): Promise<void> {
  if (answers.length === 0) return
  await tx
    .insertInto('hand_answer')
    .values(
      answers.map(({ answer, subject }) => ({
        answer_id: randomUUID(),
        case_id: kase.case_id,
        org_id: kase.org_id,
        access_group_id: kase.access_group_id,
        round: kase.stage_version,
        stage: kase.stage,
        ...keyOf(answer),
        subject,
        answer: canonicalJson(handAnswer.parse(answer)),
        reference: answer.reference,
        answered_by: by.staffId,
        answered_at: by.at,
      })),
    )
    .execute()
}
