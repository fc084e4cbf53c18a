import type { Db, Tx } from '#db/connect.ts'
import { readRelations, type NamedParty } from '#db/read/actor.ts'
import { recusal } from '#rules/cases/may-act.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'

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
