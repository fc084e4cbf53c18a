import type { Api } from '#contracts/api/api.ts'
import type { ParsedOf } from '#contracts/endpoint.ts'
import { POSTS, type Post } from '#contracts/posts.ts'
import { STAFF_CHANGES } from '#contracts/staff-change.ts'
import { readStaffChange } from '#db/read/house.ts'
import { isStaffNumberTaken } from '#db/read/staff-change.ts'
import { openStaffChange, type StaffChangeProposal } from '#db/write/staff-change.ts'
import { guardIncompatible, guardNamedOrg, namedColleagues } from './colleagues.ts'
import { tellInitialPassword } from './initial-password.ts'
import type { DeskCall, Handlers } from './mount.ts'
import { presentStaff } from './house.ts'
import { refuse, RefusalError } from './problems.ts'

type Body = ParsedOf<Api['proposeStaffChange']>['body']

export const staffChangeHandlers: Pick<Handlers, 'proposeStaffChange' | 'readStaffChange' | 'takeInitialPassword'> = {
  // In the caller's own eyes, like the case page beside it: nobody confirms what they cannot read.
  readStaffChange: ({ params }, call) =>
    call.read(async (db) => {
      const found = await readStaffChange(db, params.caseId)
      if (!found) throw refuse('NOT_FOUND')
      const { change, post, post_org_name: postOrgName, subject, reason, staff, passwordWaits } = found
      const { new_staff_number: staffNumber, new_name: name, new_org_id: orgId, new_org_name: orgName } = found
      const newcomer = staffNumber && name && orgId ? { staffNumber, name, orgId, orgName: orgName ?? '' } : null
      return {
        change,
        post: post as Post | null,
        postOrgName,
        subject,
        reason,
        staff: staff ? presentStaff(staff) : null,
        newcomer,
        passwordWaits,
      }
    }),

  takeInitialPassword: ({ params }, call) => tellInitialPassword(call, params.caseId),

  proposeStaffChange: async ({ body }, call) => {
    const aboutPost = body.change === 'GRANT_POST' || body.change === 'REVOKE_POST'
    if (aboutPost && (!body.post || !body.postOrgId)) throw refuse('INVALID_INPUT', '请指明岗位和机构')
    const proposal: StaffChangeProposal = {
      ...(body.change === 'JOIN' ? await newcomerOf(call, body) : await colleagueOf(call, body)),
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

const invalid = (pointer: string, code: string, detail: string): RefusalError =>
  new RefusalError({ code: 'INVALID_INPUT', errors: [{ pointer, code, detail }] })

/** Whose rights are to change: a colleague's, never one's own. */
async function colleagueOf(
  call: DeskCall,
  { staffId, change, post, postOrgId, newcomer }: Body,
): Promise<{ staffId: string; newcomer: null }> {
  if (!staffId) throw invalid('#/staffId', 'REQUIRED', '请指明变更何人')
  if (newcomer) throw invalid('#/newcomer', 'NOT_WANTED', '入职以外的变更不填入职人员')
  if (staffId === call.me.staffId) throw refuse('RULES_REFUSE', '不得变更本人的权限')
  await namedColleagues(call, [{ staffId, pointer: '#/staffId' }])
  if (postOrgId) await guardNamedOrg(call, postOrgId, '#/postOrgId')
  if (change === 'GRANT_POST' && post) await guardIncompatible(call, staffId, post)
  return { staffId, newcomer: null }
}

/** Who is to join: in an organisation of the caller's own house, under a number nobody has, with a first post or none. */
async function newcomerOf(call: DeskCall, { staffId, newcomer, post, postOrgId }: Body) {
  if (!newcomer) throw invalid('#/newcomer', 'REQUIRED', '请填写入职人员')
  if (staffId) throw invalid('#/staffId', 'NOT_WANTED', '入职人员尚无人员记录')
  if (!post !== !postOrgId) throw invalid(post ? '#/postOrgId' : '#/post', 'REQUIRED', '岗位和机构须一并填写')
  await guardNamedOrg(call, newcomer.orgId, '#/newcomer/orgId')
  if (postOrgId) await guardNamedOrg(call, postOrgId, '#/postOrgId')
  if (await isStaffNumberTaken(call.tx, newcomer.staffNumber)) throw invalid('#/newcomer/staffNumber', 'TAKEN', '工号已有人使用')
  return { staffId: null, newcomer }
}

/** Which identity a proposal speaks of: of the provider this house has, and of no other. */
function identityOf({ parts }: DeskCall, { change, subject }: Body): { issuer: string | null; subject: string | null } {
  if (change !== 'BIND_IDENTITY' && change !== 'UNBIND_IDENTITY') return { issuer: null, subject: null }
  if (!parts.oidc) throw refuse('RULES_REFUSE', '未配置统一身份认证，不能绑定')
  if (change === 'UNBIND_IDENTITY') return { issuer: parts.oidc.issuer, subject: null }
  if (!subject) throw invalid('#/subject', 'REQUIRED', '请填写统一身份账号')
  return { issuer: parts.oidc.issuer, subject }
}

/** What the second person reads before they confirm: what would change, of whom, and why. */
async function wordsOf(call: DeskCall, proposal: StaffChangeProposal): Promise<string> {
  const { change, staffId, newcomer, post, postOrgId, subject, reason } = proposal
  const nameOfOrg = async (orgId: string): Promise<string> =>
    (await call.tx.selectFrom('org').select('name').where('org_id', '=', orgId).executeTakeFirst())?.name ?? ''
  const who = newcomer
    ? `${newcomer.name}（${newcomer.staffNumber}），${await nameOfOrg(newcomer.orgId)}`
    : await nameOfColleague(call, staffId ?? '')
  const about = post ? `${POSTS[post]}${postOrgId ? `（${await nameOfOrg(postOrgId)}）` : ''}` : (subject ?? '')
  return `${STAFF_CHANGES[change]}：${who}${about ? `，${about}` : ''}。理由：${reason}`
}

async function nameOfColleague(call: DeskCall, staffId: string): Promise<string> {
  const who = await call.tx.selectFrom('staff').select(['name', 'staff_number']).where('staff_id', '=', staffId).executeTakeFirstOrThrow()
  return `${who.name}（${who.staff_number}）`
}
