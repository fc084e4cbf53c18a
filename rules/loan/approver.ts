import type { Fen } from '#contracts/money.ts'
import type { Post } from '#contracts/posts.ts'
import type { PolicySnapshot } from '#policy/policy-at.ts'

/** Who decides a loan above everybody's ordinary limit: special approval (特审). */
const SPECIAL_APPROVER: Post = 'DIRECTOR'

/** What the rules have against a loan and remark on it, made a moment ago or read back. */
interface Found {
  readonly reasons: readonly { readonly code: string }[]
  readonly notes: readonly { readonly code: string }[]
}

/**
 * 审批权限. The post that approves this amount: the first level whose limit holds it, and one level more when the verdict carries a
 * circumstance that the centre wants looked at higher up.
 * @param specially whether a refusal is to be lifted; then the amount does not matter.
 */
export function approverFor(
  loan: { readonly amountFen: Fen; readonly assessment: Found; readonly specially: boolean },
  { values: { approverLevels, approverRaisedBy } }: PolicySnapshot,
): Post {
  if (loan.specially) return SPECIAL_APPROVER
  const levels = approverLevels.value
  const byAmount = levels.findIndex(({ amountFenMax }) => amountFenMax === null || loan.amountFen <= amountFenMax)
  const raised = [...loan.assessment.reasons, ...loan.assessment.notes].some(({ code }) =>
    approverRaisedBy.value.includes(circumstance(code)),
  )
  return levels[Math.min(byAmount + (raised ? 1 : 0), levels.length - 1)]?.post ?? SPECIAL_APPROVER
}

/** What a person has found out in place of a silent source is as much of a circumstance as the silence was. */
const circumstance = (code: string): string => (code === 'VERIFIED_BY_HAND' ? 'SOURCE_UNAVAILABLE' : code)
