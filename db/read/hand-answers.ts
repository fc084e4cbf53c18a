import { sql } from 'kysely'
import { handAnswer, type HandAnswer } from '#contracts/hand-answers.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

/** The newest answer that officers have given to each question at a stage of a case, with what it is about. */
export async function readHandAnswers(
  from: Db | Tx | Reader,
  caseId: string,
  stage: string,
): Promise<{ answer: HandAnswer; subject: Buffer }[]> {
  const { rows } = await sql<{ answer: unknown; subject: Buffer }>`
    select distinct on (question, person) answer, subject from hand_answer
    where case_id = ${caseId} and stage = ${stage} order by question, person, round desc`.execute(forSql(from))
  return rows.map(({ answer, subject }) => ({ answer: handAnswer.parse(answer), subject }))
}
