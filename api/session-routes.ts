import { Secret, TOTP } from 'otpauth'
import { SECOND_FACTOR_POSTS, type Post } from '#contracts/posts.ts'
import { forSql } from '#db/connect.ts'
import { keepSetting } from '#db/write/desk.ts'
import type { Handlers } from './mount.ts'
import type { ApiParts } from './parts.ts'
import { refuse } from './problems.ts'
import { departToProvider, returnFromProvider } from './oidc.ts'
import { changeOwnPassword } from './own-password.ts'
import { signOut } from './session.ts'
import { beginEnrolment, giveSecondFactor, replaceInitialPassword, signIn } from './sign-in.ts'

type Halves = 'signInMeans' | 'beginEnrolment' | 'giveSecondFactor' | 'departToProvider' | 'returnFromProvider' | 'changePassword'
type Names =
  | Halves
  | 'replaceInitialPassword'
  | 'signIn'
  | 'readSession'
  | 'signOut'
  | 'demoPeople'
  | 'demoCode'
  | 'readSetting'
  | 'writeSetting'

export const sessionHandlers: Pick<Handlers, Names> = {
  signIn: async ({ body }, call) => {
    await signIn(call.parts, call.req, call.res, body)
    return {}
  },

  signInMeans: (_input, { parts }) => Promise.resolve({ oidc: parts.oidc !== undefined }),

  replaceInitialPassword: async ({ body }, { parts, req, res }) => {
    await replaceInitialPassword(parts, req, res, body.newPassword)
    return {}
  },

  beginEnrolment: (_input, { parts, req }) => beginEnrolment(parts, req),

  giveSecondFactor: async ({ body }, { parts, req, res }) => ({ returnTo: await giveSecondFactor(parts, req, res, body.oneTimeCode) }),

  departToProvider: async ({ body }, { parts, req, res }) => ({ address: await departToProvider(parts, req, res, body.returnTo) }),

  returnFromProvider: async ({ body }, { parts, req, res }) => ({ returnTo: await returnFromProvider(parts, req, res, body.query) }),

  changePassword: async ({ body }, call) => {
    await changeOwnPassword(call, body)
    return {}
  },

  readSession: async (_input, call) => {
    const { me, parts } = call
    const orgs = await parts.desk.selectFrom('org').select(['org_id', 'name']).execute()
    const nameOf = (orgId: string): string => orgs.find((org) => org.org_id === orgId)?.name ?? orgId
    const principals = me.posts.flatMap(({ delegatedBy }) => (delegatedBy ? [delegatedBy] : []))
    const people =
      principals.length > 0
        ? await parts.desk.selectFrom('staff').select(['staff_id', 'name']).where('staff_id', 'in', principals).execute()
        : []
    return {
      staffId: me.staffId,
      staffNumber: me.staffNumber,
      name: me.name,
      orgId: me.orgId,
      orgName: me.orgName,
      reportingEntity: me.reportingEntity,
      posts: me.posts.map(({ post, orgId, delegatedBy }) => ({
        post,
        orgId,
        orgName: nameOf(orgId),
        delegatedBy: delegatedBy ? (people.find((one) => one.staff_id === delegatedBy)?.name ?? '') : null,
        onBehalfOf: delegatedBy ?? null,
      })),
      businessDate: me.businessDate,
      demo: parts.demo !== undefined,
    }
  },

  signOut: async (_input, call) => {
    await signOut(call.parts, call.me, call.res)
    return {}
  },

  demoPeople: async (_input, { parts }) => ({
    demo: parts.demo !== undefined,
    people: (parts.demo?.people ?? []).map(({ staffNumber, name, orgName, posts }) => ({
      staffNumber,
      name,
      orgName,
      posts: [...posts] as Post[],
      needsCode: posts.some((post) => SECOND_FACTOR_POSTS.includes(post as Post)),
    })),
  }),

  demoCode: async ({ body }, { parts }) => {
    const person = parts.demo?.people.find(({ staffNumber }) => staffNumber === body.staffNumber)
    if (!parts.demo || !person) throw refuse('NOT_FOUND')
    return {
      password: parts.demo.password,
      oneTimeCode: await unspentCode(parts, body.staffNumber),
    }
  },

  readSetting: ({ params }, call) =>
    call.read(async (db) => {
      const row = await forSql(db).selectFrom('staff_setting').select('value').where('key', '=', params.key).executeTakeFirst()
      return { value: row?.value ?? null }
    }),

  writeSetting: async ({ params, body }, call) => {
    await keepSetting(call.parts.desk, call.me.staffId, params.key, body.value)
    return {}
  },
}

/**
 * A code counts once, so whoever has just logged in would have to wait for the next; the demo hands out the next one that still counts.
 * @returns null for somebody without a secret: one who needs none, or is to enrol
 */
async function unspentCode(parts: ApiParts, staffNumber: string): Promise<string | null> {
  const staff = await parts.desk
    .selectFrom('staff')
    .select(['staff_id', 'totp_secret_enc'])
    .where('staff_number', '=', staffNumber)
    .executeTakeFirst()
  if (!staff?.totp_secret_enc) return null
  const totp = new TOTP({ secret: Secret.fromBase32(parts.vault.open(staff.totp_secret_enc)) })
  const now = totp.counter()
  const spent = await parts.desk
    .selectFrom('spent_one_time_code')
    .select('time_step')
    .where('staff_id', '=', staff.staff_id)
    .where('time_step', '>=', BigInt(now - 1))
    .execute()
  const step = [now, now + 1, now - 1].find((one) => !spent.some(({ time_step }) => time_step === BigInt(one))) ?? now
  return totp.generate({ timestamp: step * totp.period * 1000 })
}
