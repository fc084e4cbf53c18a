import { POSTS, type Post } from '#contracts/posts.ts'
import { STAFF_CHANGES } from '#contracts/staff-change.ts'
import { readStaffChange } from '#db/read/house.ts'
import { openStaffChange, type StaffChangeProposal } from '#db/write/staff-change.ts'
import { guardIncompatible, guardNamedOrg, namedColleagues } from './colleagues.ts'
import type { DeskCall, Handlers } from './mount.ts'
import { presentStaff } from './house.ts'
import { refuse, RefusalError } from './problems.ts'

export const staffChangeHandlers: Pick<Handlers, 'proposeStaffChange' | 'readStaffChange'> = {
  // In the caller's own eyes, like the case page beside it: nobody confirms what they cannot read.
  readStaffChange: ({ params }, call) =>
    call.read(async (db) => {
      const found = await readStaffChange(db, params.caseId)
      if (!found) throw refuse('NOT_FOUND')
      const { change, post, post_org_name: postOrgName, subject, reason, staff } = found
      return { change, post: post as Post | null, postOrgName, subject, reason, staff: presentStaff(staff) }
    }),

  proposeStaffChange: async ({ body }, call) => {
    const aboutPost = body.change === 'GRANT_POST' || body.change === 'REVOKE_POST'
    if (aboutPost && (!body.post || !body.postOrgId)) throw refuse('INVALID_INPUT', '请指明岗位和机构')
    if (body.staffId === call.me.staffId) throw refuse('RULES_REFUSE', '不得变更本人的权限')
    await namedColleagues(call, [{ staffId: body.staffId, pointer: '#/staffId' }])
    if (body.postOrgId) await guardNamedOrg(call, body.postOrgId, '#/postOrgId')
    if (body.change === 'GRANT_POST' && body.post) await guardIncompatible(call, body.staffId, body.post)
    const proposal: StaffChangeProposal = {
      staffId: body.staffId,
      change: body.change,
      post: body.post ?? null,
      postOrgId: body.postOrgId ?? null,
      ...identityOf(call, body),
      reason: body.reason,
    }
    const opened = await openStaffChange(call.tx, call.me, proposal, await wordsOf(call, proposal))
    return { commandId: call.commandId, state: 'DONE' as const, caseId: opened.caseId, stage: 'PROPOSED', stageVersion: 1 }
  },
}

/** Which identity a proposal speaks of: of the provider this house has, and of no other. */
function identityOf(
  { parts }: DeskCall,
  { change, subject }: { change: StaffChangeProposal['change']; subject?: string | undefined },
): { issuer: string | null; subject: string | null } {
  if (change !== 'BIND_IDENTITY' && change !== 'UNBIND_IDENTITY') return { issuer: null, subject: null }
  if (!parts.oidc) throw refuse('RULES_REFUSE', '未配置统一身份认证，不能绑定')
  if (change === 'UNBIND_IDENTITY') return { issuer: parts.oidc.issuer, subject: null }
  const missing = { pointer: '#/subject', code: 'REQUIRED', detail: '请填写统一身份账号' }
  if (!subject) throw new RefusalError({ code: 'INVALID_INPUT', errors: [missing] })
  return { issuer: parts.oidc.issuer, subject }
}

/** What the second person reads before they confirm: what would change, of whom, and why. */
async function wordsOf(call: DeskCall, { change, staffId, post, postOrgId, subject, reason }: StaffChangeProposal): Promise<string> {
  const who = await call.tx.selectFrom('staff').select(['name', 'staff_number']).where('staff_id', '=', staffId).executeTakeFirstOrThrow()
  const org = postOrgId ? await call.tx.selectFrom('org').select('name').where('org_id', '=', postOrgId).executeTakeFirst() : undefined
  const about = post ? `${POSTS[post]}${org ? `（${org.name}）` : ''}` : (subject ?? '')
  return `${STAFF_CHANGES[change]}：${who.name}（${who.staff_number}）${about ? `，${about}` : ''}。理由：${reason}`
}
