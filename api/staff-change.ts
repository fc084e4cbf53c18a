import type { Api } from '#contracts/api/api.ts'
import type { ParsedOf } from '#contracts/endpoint.ts'
import { checkIdNumber } from '#contracts/identity.ts'
import { maskIdNumber } from '#contracts/masking.ts'
import { POSTS, type Post } from '#contracts/posts.ts'
import { RELATIONS, STAFF_CHANGES, type Relation, type StaffChangeWord } from '#contracts/staff-change.ts'
import { findUnits, readStaffChange, readUnit } from '#db/read/house.ts'
import { isIdNumberTaken, isRelative, isStaffNumberTaken, readParticulars } from '#db/read/staff-change.ts'
import { openStaffChange, type Particulars, type SealedNumber, type StaffChangeProposal } from '#db/write/staff-change.ts'
import type { Vault } from '#db/vault.ts'
import { ID_NUMBER_TAKEN, RELATIVE_KNOWN, RELATIVE_UNKNOWN } from '#rules/staff-change/may-confirm.ts'
import { guardIncompatible, guardNamedOrg, namedColleagues } from './colleagues.ts'
import { tellInitialPassword } from './initial-password.ts'
import type { Call, DeskCall, Handlers } from './mount.ts'
import { presentStaff } from './house.ts'
import { invalid, refuse, RefusalError } from './problems.ts'

type Body = ParsedOf<Api['proposeStaffChange']>['body']

/** As many units as somebody reads through before they type another character. */
const UNITS_MAX = 20

export const staffChangeHandlers: Pick<Handlers, 'findUnits' | 'proposeStaffChange' | 'readStaffChange' | 'takeInitialPassword'> = {
  findUnits: ({ query }, call) =>
    call.read(async (db) => ({
      rows: (await findUnits(db, query.q, UNITS_MAX)).map((row) => ({ unitId: row.unit_id, unitNumber: row.unit_number, name: row.name })),
    })),

  // In the caller's own eyes, like the case page beside it: nobody confirms what they cannot read.
  readStaffChange: async ({ params }, call) => {
    const found = await call.read((db) => readStaffChange(db, params.caseId))
    if (!found) throw refuse('NOT_FOUND')
    const { change, post, post_org_name: postOrgName, subject, reason, staff, passwordWaits } = found
    const { new_staff_number: staffNumber, new_name: name, new_org_id: orgId, new_org_name: orgName } = found
    const newcomer = staffNumber && name && orgId ? { staffNumber, name, orgId, orgName: orgName ?? '' } : null
    const about = whoseNumber(change)
    return {
      change,
      post: post as Post | null,
      postOrgName,
      subject,
      reason,
      staff: staff ? presentStaff(staff) : null,
      newcomer,
      particulars: about === 'PERSON' ? presentProposed(call.parts.vault, found) : null,
      relative: about === 'RELATIVE' ? presentRelative(call.parts.vault, found) : null,
      standing: about && staff && change !== 'JOIN' ? await standingParticulars(call, staff.id) : null,
      passwordWaits,
    }
  },

  takeInitialPassword: ({ params }, call) => tellInitialPassword(call, params.caseId),

  proposeStaffChange: async ({ body }, call) => {
    if (body.change === 'GRANT_POST' || body.change === 'REVOKE_POST') guardPostNamed(body)
    const proposal: StaffChangeProposal = {
      ...(body.change === 'JOIN' ? await newcomerOf(call, body) : await colleagueOf(call, body)),
      change: body.change,
      post: body.post ?? null,
      postOrgId: body.postOrgId ?? null,
      ...identityOf(call, body),
      particulars: await particularsOf(call, body),
      relative: await relativeOf(call, body),
      reason: body.reason,
    }
    const opened = await openStaffChange(call.tx, call.me, proposal, await wordsOf(call, proposal))
    return { commandId: call.commandId, state: 'DONE' as const, caseId: opened.caseId, stage: 'PROPOSED', stageVersion: 1 }
  },
}

/** Whose number a change is about, if it is about one. */
function whoseNumber(change: StaffChangeWord): 'PERSON' | 'RELATIVE' | undefined {
  if (change === 'JOIN' || change === 'SET_PARTICULARS') return 'PERSON'
  return change === 'ADD_RELATIVE' || change === 'END_RELATIVE' ? 'RELATIVE' : undefined
}

const presentRelative = (vault: Vault, row: { new_id_number_enc: Buffer | null; relation: Relation | null }) => ({
  relation: row.relation,
  idNumber: row.new_id_number_enc ? maskIdNumber(vault.open(row.new_id_number_enc)) : COVERED,
})

/** What would be set, as the second person reads it. */
const presentProposed = (
  vault: Vault,
  row: { new_id_number_enc: Buffer | null; employer_change: 'SET' | 'CLEAR' | null; employer_name: string | null },
) => ({
  idNumber: row.new_id_number_enc && maskIdNumber(vault.open(row.new_id_number_enc)),
  employer: row.employer_change && { unitName: row.employer_name },
})

/** A number of which only the hash was kept is covered whole. */
const COVERED = '*'.repeat(18)

/** What is on record of somebody whom the caller has been shown already. */
async function standingParticulars({ parts: { desk, vault } }: Call, staffId: string) {
  const row = await readParticulars(desk, staffId)
  return {
    idNumber: row.id_number_enc ? maskIdNumber(vault.open(row.id_number_enc)) : row.id_hash && COVERED,
    employer: { unitName: row.employer_name },
    relatives: row.relatives,
  }
}

/** @throws RefusalError INVALID_INPUT with each of the two that is missing: a post is held at an organisation */
function guardPostNamed({ post, postOrgId }: Body): void {
  const missing = [...(post ? [] : [['post', '请指明岗位'] as const]), ...(postOrgId ? [] : [['postOrgId', '请指明机构'] as const])]
  if (missing.length > 0)
    throw new RefusalError({
      code: 'INVALID_INPUT',
      errors: missing.map(([field, detail]) => ({ pointer: `#/${field}`, code: 'REQUIRED', detail })),
    })
}

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
  return { staffId: null, newcomer: { staffNumber: newcomer.staffNumber, name: newcomer.name, orgId: newcomer.orgId } }
}

/** What recusal is to go by: the number of nobody else who is here, sealed before anything keeps it, and a unit in the caller's sight. */
async function particularsOf(call: DeskCall, { change, staffId, newcomer, particulars }: Body): Promise<Particulars | null> {
  if (change !== 'SET_PARTICULARS' && particulars) throw invalid('#/particulars', 'NOT_WANTED', '此项变更不填回避信息')
  if (change === 'SET_PARTICULARS' && !particulars) throw invalid('#/particulars', 'REQUIRED', '请填写回避信息')
  const [given, at] = change === 'JOIN' ? [newcomer, '#/newcomer'] : [particulars, '#/particulars']
  if (!given) return null
  const { idNumber, employerUnitId } = given
  return {
    idNumber: idNumber === undefined ? null : await ownNumber(call, idNumber, staffId ?? null, `${at}/idNumber`),
    employer: employerUnitId === undefined ? null : await namedEmployer(call, employerUnitId, `${at}/employerUnitId`),
  }
}

/** Who is to be declared a relative of somebody, or no longer to be one. */
async function relativeOf(call: DeskCall, { change, staffId, relative }: Body): Promise<StaffChangeProposal['relative']> {
  if (whoseNumber(change) !== 'RELATIVE') {
    if (relative) throw invalid('#/relative', 'NOT_WANTED', '此项变更不填近亲属')
    return null
  }
  if (!relative) throw invalid('#/relative', 'REQUIRED', '请填写近亲属')
  const { relation, idNumber } = relative
  if (change === 'ADD_RELATIVE' && !relation) throw invalid('#/relative/relation', 'REQUIRED', '请指明亲属关系')
  if (change === 'END_RELATIVE' && relation) throw invalid('#/relative/relation', 'NOT_WANTED', '注销登记不填亲属关系')
  const sealed = sealedNumber(call, idNumber, '#/relative/idNumber')
  const known = await isRelative(call.tx, staffId ?? null, sealed.hash)
  if (known !== (change === 'END_RELATIVE')) throw invalid('#/relative/idNumber', 'TAKEN', known ? RELATIVE_KNOWN : RELATIVE_UNKNOWN)
  return { relation: relation ?? null, idNumber: sealed }
}

async function ownNumber(call: DeskCall, idNumber: string, of: string | null, pointer: string): Promise<SealedNumber> {
  const sealed = sealedNumber(call, idNumber, pointer)
  if (await isIdNumberTaken(call.tx, sealed.hash, of)) throw invalid(pointer, 'TAKEN', ID_NUMBER_TAKEN)
  return sealed
}

function sealedNumber({ me, parts: { vault } }: DeskCall, idNumber: string, pointer: string): SealedNumber {
  const checked = checkIdNumber(idNumber, me.businessDate)
  if (!checked.ok) throw invalid(pointer, checked.part, checked.text)
  return { enc: vault.seal(checked.normalised), hash: vault.hash(checked.normalised) }
}

async function namedEmployer(call: DeskCall, unitId: string | null, pointer: string) {
  if (unitId === null) return { unitId, name: '' }
  const unit = await call.read((db) => readUnit(db, unitId))
  if (!unit) throw invalid(pointer, 'UNKNOWN_REFERENCE', '没有此单位')
  return { unitId, name: unit.name }
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
  return [`${STAFF_CHANGES[change]}：${who}`, ...(about ? [about] : []), ...wordsOfParticulars(proposal)].join('，') + `。理由：${reason}`
}

/** No part of a number: the words stand in lists and are kept in the clear. */
const wordsOfParticulars = ({ change, particulars, relative }: StaffChangeProposal): string[] => [
  // Whoever joins brings one in any case.
  ...(change !== 'JOIN' && particulars?.idNumber ? ['登记身份证号码'] : []),
  ...(particulars?.employer ? [particulars.employer.unitId === null ? '无其他工作单位' : `其他工作单位${particulars.employer.name}`] : []),
  ...(relative?.relation ? [RELATIONS[relative.relation]] : []),
]

async function nameOfColleague(call: DeskCall, staffId: string): Promise<string> {
  const who = await call.tx.selectFrom('staff').select(['name', 'staff_number']).where('staff_id', '=', staffId).executeTakeFirstOrThrow()
  return `${who.name}（${who.staff_number}）`
}
