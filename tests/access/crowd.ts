import { sql } from 'kysely'
import type { House } from '../setup/house.ts'
import { visit, type Visitor } from './visitor.ts'

export interface Person {
  readonly visitor: Visitor
  readonly posts: readonly string[]
  readonly orgs: readonly string[]
}

export interface Case {
  readonly case_id: string
  readonly case_number: string
  readonly org_id: string
}

/** Everybody of the city at the door, its cases, and who may see which: the rule told once more, independently of the policies. */
export class Crowd {
  readonly people: readonly Person[]
  readonly cases: readonly Case[]
  private readonly grants: readonly { readonly case_id: string; readonly org_id: string }[]

  private constructor(people: readonly Person[], cases: readonly Case[], grants: readonly { case_id: string; org_id: string }[]) {
    this.people = people
    this.cases = cases
    this.grants = grants
  }

  static async of(house: House): Promise<Crowd> {
    const people = house.logins.people.map(async ({ staffNumber, posts }) => ({
      visitor: await visit(house, staffNumber),
      posts,
      orgs: await orgsInSight(house, staffNumber),
    }))
    const cases = await house.owner.selectFrom('case_file').select(['case_id', 'case_number', 'org_id']).orderBy('case_id').execute()
    const grants = await house.owner.selectFrom('case_grant').select(['case_id', 'org_id']).where('ended_on', 'is', null).execute()
    return new Crowd(await Promise.all(people), cases, grants)
  }

  owns = (person: Person, kase: Pick<Case, 'org_id'>): boolean => person.orgs.includes(kase.org_id)

  isGranted = (person: Person, kase: Pick<Case, 'case_id'>): boolean =>
    this.grants.some((one) => one.case_id === kase.case_id && person.orgs.includes(one.org_id))

  sees = (person: Person, kase: Case): boolean => this.owns(person, kase) || this.isGranted(person, kase)

  /** @throws Error when nobody has the post there */
  one(post: string, orgId?: string): Person {
    const found = this.people.find(({ posts, orgs }) => posts.includes(post) && (orgId === undefined || orgs.includes(orgId)))
    if (!found) throw new Error(`nobody holds ${post}`)
    return found
  }
}

/** One's own organisation, and below a centre its branches. */
async function orgsInSight(house: House, staffNumber: string): Promise<string[]> {
  const { rows } = await sql<{ org_id: string }>`select c.org_id from staff s join org o using (org_id) join org c
    on c.org_id = o.org_id or (o.kind = 'CENTRE' and c.kind = 'BRANCH' and c.parent_org_id = o.org_id)
    where s.staff_number = ${staffNumber}`.execute(house.owner)
  return rows.map((row) => row.org_id)
}
