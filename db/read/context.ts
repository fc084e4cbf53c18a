import { MARK } from '../kept-plans.ts'

/** Whose eyes a transaction reads with: organisations, access groups, person. */
export interface ReadContext {
  readonly orgsInSight: readonly string[]
  readonly groups: readonly string[]
  readonly staffId: string
}

/** Sets the context of a transaction and of nothing else: it ends with the transaction, whoever gets the connection next. */
export const contextStatement = ({ orgsInSight, groups, staffId }: ReadContext): [text: string, values: unknown[]] => [
  `${MARK} select set_config('anju.orgs', $1, true), set_config('anju.groups', $2, true), set_config('anju.person', $3, true)`,
  [orgsInSight.join(','), groups.join(','), staffId],
]
