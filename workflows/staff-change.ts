import type { CaseInput } from '#contracts/cases.ts'
import type { StaffChangeStage } from '#rules/staff-change/stages.ts'
import { openCase, type Step } from './parts/case.ts'

/** A change of somebody's rights (人员权限变更): one administrator proposes, another confirms; it takes effect with the confirmation. */
export async function staffChange(input: CaseInput): Promise<void> {
  const kase = openCase(input)
  await kase.run({ PROPOSED: kase.decision } satisfies Partial<Record<StaffChangeStage, Step>>)
}
