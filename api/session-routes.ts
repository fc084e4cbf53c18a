import { Secret, TOTP } from 'otpauth'
import { SECOND_FACTOR_POSTS, type Post } from '#contracts/posts.ts'
import { forSql } from '#db/connect.ts'
import { keepSetting } from '#db/write/desk.ts'
import type { Handlers } from './mount.ts'
import type { ApiParts } from './parts.ts'
import { refuse } from './problems.ts'
import { signIn, signOut } from './session.ts'

type Names = 'signIn' | 'readSession' | 'signOut' | 'demoPeople' | 'demoCode' | 'readSetting' | 'writeSetting'

export const sessionHandlers: Pick<Handlers, Names> = {
  signIn: async ({ body }, call) => {
    await signIn(call.parts, call.res, body)
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
      oneTimeCode: person.totpSecret ? await unspentCode(parts, body.staffNumber, person.totpSecret) : null,
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

/** A code counts once, so whoever has just logged in would have to wait for the next; the demo hands out the next one that still counts. */
async function unspentCode(parts: ApiParts, staffNumber: string, secret: string): Promise<string> {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const now = totp.counter()
  const spent = await parts.desk
    .selectFrom('spent_one_time_code')
    .innerJoin('staff', 'staff.staff_id', 'spent_one_time_code.staff_id')
    .select('time_step')
    .where('staff_number', '=', staffNumber)
    .where('time_step', '>=', BigInt(now - 1))
    .execute()
  const step = [now, now + 1, now - 1].find((one) => !spent.some(({ time_step }) => time_step === BigInt(one))) ?? now
  return totp.generate({ timestamp: step * totp.period * 1000 })
}
