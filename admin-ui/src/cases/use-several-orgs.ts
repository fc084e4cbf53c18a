import type { Answer } from '../api/client.ts'
import { useMe, type Me } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'

type Orgs = Answer<'listOrgs'>['rows']

/** Whether cases of several branches come to this person: by posts at more than one, or by a post at an organisation that serves many. */
export function useSeveralOrgs(): boolean {
  const me = useMe()
  const { data } = useCall(['orgs'], 'listOrgs', {}, { staleTime: 600_000 })
  return servesSeveral(me?.posts ?? [], data?.rows ?? [])
}

/** Centre, bank and guarantor have the cases of every branch; a branch has its own. */
export function servesSeveral(posts: Pick<Me['posts'][number], 'orgId'>[], orgs: Pick<Orgs[number], 'orgId' | 'kind'>[]): boolean {
  const held = new Set(posts.map(({ orgId }) => orgId))
  return held.size > 1 || orgs.some(({ orgId, kind }) => held.has(orgId) && kind !== 'BRANCH')
}
