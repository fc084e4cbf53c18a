import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import type { Post } from '#contracts/posts.ts'
import type { Browser } from '../setup/http-client.ts'
import type { House } from '../setup/house.ts'
import { LoanCast } from './loan-cast.ts'

/** Somebody who may try anything. */
export interface Person {
  readonly staffId: string
  readonly staffNumber: string
  /** Their own; what they stand in for comes and goes. */
  readonly posts: readonly Post[]
  readonly browser: Browser
}

/**
 * The worst city there can be: whoever looked after the posts has given all of them to the same fourteen people, against every rule
 * of incompatible posts; three more hold nothing but other people's delegations, and two hold nothing yet. One of the fourteen is lent by the
 * employer of every borrower, one is the sibling of one. Only the case itself is left to keep hands apart.
 */
export interface WorstCity {
  readonly house: House
  readonly people: readonly Person[]
  /** The fourteen, those of the branch first; the first took every case in. */
  readonly everything: readonly Person[]
  /** Who stand in for the first three of the fourteen, in their order. */
  readonly delegates: readonly [Person, Person, Person]
  /** Who hold what they are given by delegations of this very day, and nothing else. */
  readonly newcomers: readonly Person[]
  /** The lent one, and the sibling of the borrower of the related case. */
  readonly lent: Person
  readonly relative: Person
  readonly cases: Readonly<Record<Start, string>>
  /** A one-time code that has not been spent. */
  codeOf(person: Person): Promise<string>
}

export const BRANCH_POSTS: readonly Post[] = ['INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER', 'CONTRACTING', 'COLLATERAL']
export const CENTRE_POSTS: readonly Post[] = ['APPROVER', 'DEPUTY_DIRECTOR', 'DIRECTOR', 'DISBURSEMENT', 'TREASURY', 'CASHIER']
const SECRET = new Secret({ size: 20 })

/** Where the cases begin: carried there by a cast of whom each has done one thing, while everybody held the posts they should. */
const STARTS = {
  inReview: (cast: LoanCast) => cast.accepted('approved-couple'),
  related: (cast: LoanCast) => cast.accepted('approved-price-limits'),
  aboveLimit: async (cast: LoanCast) => {
    const caseId = await cast.accepted('approved-many-children')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass' })
    await cast.decides('REVIEWER', caseId, { action: 'pass', terms: await cast.granted(caseId) })
    return caseId
  },
  approved: (cast: LoanCast) => cast.approved('approved-capacity-limits'),
  toBePaid: (cast: LoanCast) => cast.readyToPay('approved-single'),
  // Asked for by one, let out of the queue by another, and in the end asked for by the first again.
  toBePaidToo: async (cast: LoanCast) => {
    const caseId = await cast.readyToPay('approved-second-home')
    await cast.decides('CASHIER', caseId, { action: 'return', opinion: '资金计划未批' })
    await cast.decides('DISBURSEMENT', caseId, { action: 'queue', opinion: '本月资金计划已满' })
    await cast.decides('TREASURY', caseId, { action: 'admit' })
    await cast.reaches('TREASURY', caseId, 'RELEASE_REQUESTED')
    await cast.decides('CASHIER', caseId, { action: 'return', opinion: '请核对收款账户' })
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    await cast.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED')
    return caseId
  },
} as const
export type Start = keyof typeof STARTS

/** Makes a small city that has just been founded the worst there can be. */
export async function worstCity(house: House): Promise<WorstCity> {
  const cast = new LoanCast(house)
  const cases = Object.fromEntries(
    await Promise.all(Object.entries(STARTS).map(async ([name, carry]) => [name, await carry(cast)] as const)),
  ) as Record<Start, string>
  const orgs = await orgsOf(house, cases.inReview)
  const [branch, bank, guarantor] = [
    await staffOf(house, orgs.BRANCH),
    await staffOf(house, orgs.BANK),
    await staffOf(house, orgs.GUARANTOR),
  ]
  const centre = await staffOf(house, orgs.CENTRE, CENTRE_POSTS)
  const strangers = await staffOf(house, orgs.CENTRE, ['ACCOUNTANT', 'RISK'])
  const at = (org: keyof typeof orgs, posts: readonly Post[]) => posts.map((post) => ({ post, org_id: orgs[org] }))
  const ours = [...at('BRANCH', BRANCH_POSTS), ...at('CENTRE', CENTRE_POSTS)]
  const banks = at('BANK', ['BANK_MAKER', 'BANK_CHECKER'])
  const guarantors = at('GUARANTOR', ['GUARANTOR_MAKER', 'GUARANTOR_CHECKER'])
  const held: Held[] = [
    ...[...branch.slice(0, -3), ...centre].map((who) => ({ who, places: ours })),
    ...bank.map((who, index) => ({ who, places: index === 0 ? [...ours, ...banks] : banks })),
    ...guarantor.map((who, index) => ({ who, places: index === 0 ? [...ours, ...guarantors] : guarantors })),
    ...[...strangers, ...branch.slice(-3)].map((who) => ({ who, places: [] })),
  ]
  await give(house, held)
  const people = held.map(({ who, places }): Person => ({ ...who, posts: places.map(({ post }) => post) }))
  const everything = people.filter(({ posts }) => posts.length >= ours.length)
  const [newcomers, delegates] = [people.slice(-5, -3), people.slice(-3) as [Person, Person, Person]]
  await delegate(house, everything, delegates)
  // Who is lent has a post of which the cast needed one holder only.
  const cashiers = house.logins.people.filter(({ posts }) => posts.includes('CASHIER')).map(({ staffNumber }) => staffNumber)
  const spare = (one: Person) => cashiers.includes(one.staffNumber) && one.staffNumber !== cast.numberOf('CASHIER')
  const [relative, lent] = [everything[2] as Person, everything.find(spare) as Person]
  await barTwo(house, { relative, lent, related: cases.related })
  return {
    house,
    people,
    everything,
    delegates,
    newcomers,
    lent,
    relative,
    cases,
    async codeOf({ staffId }) {
      await house.owner.deleteFrom('spent_one_time_code').where('staff_id', '=', staffId).execute()
      return new TOTP({ secret: SECRET }).generate()
    },
  }
}

/** The organisations that act in a case. */
async function orgsOf(house: House, caseId: string): Promise<Record<'BRANCH' | 'CENTRE' | 'BANK' | 'GUARANTOR', string>> {
  const { rows } = await sql<{ kind: 'BRANCH' | 'CENTRE' | 'BANK' | 'GUARANTOR'; org_id: string }>`
    select o.kind, o.org_id from case_file c join loan l using (case_id)
      join org o on o.org_id in (c.org_id, l.bank_org_id, l.guarantor_org_id) or (o.kind = 'CENTRE' and o.reporting_entity = c.reporting_entity)
    where c.case_id = ${caseId}`.execute(house.owner)
  return Object.fromEntries(rows.map(({ kind, org_id }) => [kind, org_id])) as Record<'BRANCH' | 'CENTRE' | 'BANK' | 'GUARANTOR', string>
}

/** The people of an organisation in the order of their numbers, signed in; where posts are named, those who hold one of them. */
async function staffOf(house: House, orgId: string, posts?: readonly Post[]): Promise<Held['who'][]> {
  const { rows } = await sql<{ staff_id: string; staff_number: string }>`
    select s.staff_id, s.staff_number from staff s where s.org_id = ${orgId}
      and (${posts === undefined} or exists (select 1 from staff_post p where p.staff_id = s.staff_id and p.post = any (${[...(posts ?? [])]})))
    order by s.staff_number`.execute(house.owner)
  return Promise.all(
    rows.map(async (one) => ({ staffId: one.staff_id, staffNumber: one.staff_number, browser: await house.signIn(one.staff_number) })),
  )
}

interface Held {
  readonly who: Omit<Person, 'posts'>
  readonly places: readonly { readonly post: Post; readonly org_id: string }[]
}

/** Takes every post from these people, and gives them those. */
async function give(house: House, held: readonly Held[]): Promise<void> {
  const staffIds = held.map(({ who }) => who.staffId)
  // The posts they are given need a code at log-in; what is tried here is the case, not the door.
  await house.owner.updateTable('session').set({ second_factor: true }).execute()
  await house.owner
    .updateTable('staff')
    .set({ totp_secret_enc: house.vault.seal(SECRET.base32) })
    .where('staff_id', 'in', staffIds)
    .execute()
  await house.owner.deleteFrom('staff_post').where('staff_id', 'in', staffIds).execute()
  const since = { from_on: sql<never>`date '2020-01-01'`, to_on: null, granted_by_case: null }
  await house.owner
    .insertInto('staff_post')
    .values(held.flatMap(({ who, places }) => places.map((place) => ({ staff_id: who.staffId, ...place, ...since }))))
    .execute()
}

/** Delegations from before the day: each delegate has every post of one of the fourteen, which no command of the API would allow. */
async function delegate(house: House, from: readonly Person[], to: readonly Person[]): Promise<void> {
  const days = { from_on: sql<never>`date '2025-11-01'`, to_on: sql<never>`date '2025-11-30'`, revoked_at: null }
  await house.owner
    .insertInto('delegation')
    .values(
      to.flatMap(({ staffId }, index) =>
        [...BRANCH_POSTS, ...CENTRE_POSTS].map((post) => ({
          delegation_id: randomUUID(),
          from_staff_id: from[index]?.staffId ?? '',
          to_staff_id: staffId,
          post,
          ...days,
        })),
      ),
    )
    .execute()
}

/** One is the borrower's sibling, who has given all posts away: what they must not do, their delegate must not. One has the borrowers' employer. */
async function barTwo(house: House, { relative, lent, related }: { relative: Person; lent: Person; related: string }): Promise<void> {
  await sql`insert into staff_relative (staff_id, relation, id_hash)
    select ${relative.staffId}, 'SIBLING', id_hash from case_party where case_id = ${related} and role = 'BORROWER'`.execute(house.owner)
  const employer = await house.owner
    .selectFrom('unit')
    .innerJoin('case_party', 'case_party.unit_name', 'unit.name')
    .select('unit.unit_id')
    .where('case_id', '=', related)
    .executeTakeFirstOrThrow()
  await house.owner.updateTable('staff').set({ employer_unit_id: employer.unit_id }).where('staff_id', '=', lent.staffId).execute()
}
