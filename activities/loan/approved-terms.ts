import { fen } from '#contracts/money.ts'
import { recordedFacts, verdictContent } from '#contracts/recorded-verdict.ts'
import type { Db, Tx } from '#db/connect.ts'
import { readLoan, readVerdict } from '#db/read/loan.ts'
import { liftable, type ApprovedTerms } from '#rules/loan/recheck.ts'
import { Bug } from '../bug.ts'

/** What was granted, and what it rested on: the check before release compares with it. */
export async function approvedTerms(from: Db | Tx, caseId: string): Promise<ApprovedTerms> {
  const loan = await readLoan(from, caseId)
  const verdict = await readVerdict(from, caseId, 'ASSESSMENT')
  if (!loan?.approved_fen || !loan.approved_months || !loan.approved_rate || !verdict) throw new Bug('an approved loan has its terms')
  const content = verdictContent(verdict.content)
  return {
    amountFen: fen(loan.approved_fen),
    months: loan.approved_months,
    ratePercent: trimRate(loan.approved_rate),
    homeOrder: loan.home_order === 'second' ? 'second' : 'first',
    facts: recordedFacts(content),
    // A verdict that refuses is approved by special approval alone, and that lifts what it may lift and nothing else.
    lifted: liftable(content.result.reasons),
  }
}

/** A stored rate as decimal text with at least two decimals, `2.6000` → `2.60`. */
export const trimRate = (rate: string): string => rate.replace(/(\.\d{2}\d*?)0+$/, '$1')
