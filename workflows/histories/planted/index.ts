import { sleep } from '@temporalio/workflow'
import type { CaseInput } from '#contracts/cases.ts'
import { loan as present } from '../../loan.ts'

/** Never run: what the replay must not let pass. Somebody has put a pause before the first step, and open cases have no such pause in their past. */
export async function loan(input: CaseInput): Promise<void> {
  await sleep('1 minute')
  await present(input)
}

export { staffChange } from '../../staff-change.ts'
