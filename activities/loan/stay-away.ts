import type { Db, Tx } from '#db/connect.ts'
import { readRelations, type NamedParty } from '#db/read/actor.ts'
import { otherOpenApplications } from '#db/read/household.ts'
import type { FiledLoan } from '#db/write/loan-application.ts'
import { recusal } from '#rules/cases/may-act.ts'
import { obstacle, type Obstacle } from '#rules/cases/obstacle.ts'
import { ALREADY_BEFORE_US } from './locks.ts'

/**
 * 回避 before a case stands on a form: nobody enters, corrects or hands in one that names themselves, their relatives or their employer's
 * people, in their own name or in another's.
 * @param persons who acts, and whom they act for
 */
export async function mustStayAwayFrom(db: Db | Tx, persons: readonly string[], parties: readonly NamedParty[]): Promise<Obstacle[]> {
  const relations = await readRelations(db, persons, parties)
  return persons.flatMap((person, index) => {
    const relation = relations.get(person)
    return relation ? [recusal(index === 0 ? '您' : '您所代理的人', relation)] : []
  })
}

/**
 * What stands against a corrected form, said at the desk and asked again by the decision that hands it in: it claims a household or a home that
 * another open case holds, or names people from whom one of the persons must stay away.
 */
export async function correctionObstacles(
  tx: Tx,
  caseId: string,
  persons: readonly string[],
  { locks, parties }: Pick<FiledLoan, 'locks' | 'parties'>,
): Promise<Obstacle[]> {
  const keys = locks.map(({ key }) => key)
  return [
    ...((await otherOpenApplications(tx, keys, caseId)) > 0 ? [obstacle('RULES_REFUSE', ALREADY_BEFORE_US)] : []),
    ...(await mustStayAwayFrom(tx, persons, parties)),
  ]
}
