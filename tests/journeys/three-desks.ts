import type { Page } from 'playwright-core'
import type { Office } from '../setup/browser-office.ts'
import type { LoanCast } from './loan-cast.ts'

/** The clerk and both reviewers of the cast's branch, each at a desk of their own with the same case before them. */
export async function sitBefore(
  caseId: string,
  cast: LoanCast,
  office: Office,
): Promise<{ preliminary: Page; reviewer: Page; clerk: Page }> {
  const sit = async (post: string): Promise<Page> => {
    return office.sit(cast.numberOf(post), `/cases/${caseId}`)
  }
  return { preliminary: await sit('PRELIMINARY_REVIEWER'), reviewer: await sit('REVIEWER'), clerk: await sit('INTAKE') }
}
