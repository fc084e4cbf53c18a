import type { Tx } from '#db/connect.ts'
import { readApplication, readLoan } from '#db/read/loan.ts'
import { refileLoan } from '#db/write/loan-application.ts'
import type { Obstacle } from '#rules/cases/obstacle.ts'
import { Bug } from '../bug.ts'
import type { Judged } from '../case/kinds.ts'
import type { Parts } from '../parts.ts'
import { openApplication } from './application.ts'
import { filedOf } from './filed.ts'
import { correctionObstacles } from './stay-away.ts'

/** The decisions with which the counter hands a form in again. What was corrected meanwhile becomes the case's own with them. */
const HANDS_IN: readonly string[] = ['accept', 'resubmit', 'receive']

/** Of a form with something against it nothing becomes true. */
export async function renewalObstacles(tx: Tx, { kase, action, persons }: Judged, { vault }: Parts): Promise<Obstacle[]> {
  const corrected = HANDS_IN.includes(action) ? await readCorrection(tx, kase.case_id) : undefined
  if (!corrected) return []
  return correctionObstacles(tx, kase.case_id, persons, filedOf(vault, openApplication(vault, corrected.content_enc)))
}

/**
 * Makes a corrected form the case's own: its people, the household and home it claims, amount and name on the lists, and which bank and
 * guarantor may see it. A form that nobody has corrected changes nothing.
 */
export async function renewFromCorrection(tx: Tx, { kase, action, actorId, time }: Judged, { vault }: Parts): Promise<void> {
  const corrected = HANDS_IN.includes(action) ? await readCorrection(tx, kase.case_id) : undefined
  if (!corrected) return
  const filed = filedOf(vault, openApplication(vault, corrected.content_enc))
  const refiled = await refileLoan(tx, kase, { version: corrected.version, filed, actorId, today: time.today })
  // Another case took the household between the judging and now: the world's fault, so that this is judged again and refused in words.
  if (!refiled) throw new Error('the household was taken a moment ago')
}

/** The newest version of the form, when the case does not stand on it yet. */
async function readCorrection(tx: Tx, caseId: string) {
  const [newest, loan] = await Promise.all([readApplication(tx, caseId), readLoan(tx, caseId)])
  if (!newest || !loan) throw new Bug('a loan case has an application')
  return newest.version > loan.application_version ? newest : undefined
}
