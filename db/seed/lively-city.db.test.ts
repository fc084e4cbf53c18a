import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { POSTS, type Post } from '#contracts/posts.ts'
import { LOAN_STAGES, loanStages } from '#rules/loan/stages.ts'
import { city, only, openCity, rows, vault } from '../../tests/setup/seeded-city.ts'
import { REGIONS } from './identities.ts'

/** The city of the demo as its people find it on the first morning: what lies on each desk, and how it came there. */
openCity()

describe('the city is as large as it was said to be', () => {
  test('staff, organisations, units, contributors, loans and cases', async () => {
    const found = await only(sql<Record<string, number>>`
      select (select count(*)::int from staff) as staff, (select count(*)::int from org where kind = 'BRANCH') as branches,
        (select count(*)::int from org where kind = 'BANK') as banks, (select count(*)::int from org where kind = 'GUARANTOR') as guarantors,
        (select count(*)::int from org where kind = 'COURT') as courts, (select count(distinct post)::int from staff_post) as posts,
        (select count(*)::int from unit) as units, (select count(*)::int from contributor) as contributors,
        (select count(*)::int from loan_account) as loans, (select count(*)::int from case_file where kind = 'loan' and not open) as "closedCases",
        (select count(*)::int from case_file where kind = 'loan' and open) as "openCases"`)
    console.log(`the city: ${JSON.stringify(found)}`)
    expect(found).toMatchObject({ branches: 7, banks: 6, guarantors: 2, courts: 1, units: 400, posts: Object.keys(POSTS).length })
    expect(found).toMatchObject({ closedCases: city.counts.closedCases, openCases: city.counts.openCases, staff: city.people.length })
    const least = { staff: 60, contributors: 4000, loans: 3900, openCases: 60 }
    for (const [name, count] of Object.entries(least)) expect(found[name], name).toBeGreaterThanOrEqual(count)
    expect(found['staff']).toBeLessThanOrEqual(80)
    expect(found['openCases']).toBeLessThanOrEqual(70)
  })

  test('every stage in which somebody is awaited has a case, and every way out was taken', async () => {
    const stages = await rows(
      sql<{ stage: string; n: number }>`select stage, count(*)::int as n from case_file where kind = 'loan' group by 1`,
    )
    const here = new Set(stages.map(({ stage }) => stage))
    expect(LOAN_STAGES.filter((stage) => !loanStages[stage].machine && !here.has(stage))).toEqual([])
  })

  test('nobody lives where anybody could: the regions of their numbers have never been assigned', async () => {
    // GB/T 2260: prefectures of Henan are 4101 to 4117, and 4190 for what is administered by the province itself.
    const assigned = [...Array.from({ length: 17 }, (_, index) => `41${String(index + 1).padStart(2, '0')}`), '4190']
    const sealed = await rows(sql<{ id: Buffer }>`
      select id_number_enc as id from contributor union all select id_number_enc from case_party`)
    const regions = new Set(sealed.map(({ id }) => vault.open(id).slice(0, 6)))
    expect([...regions].filter((region) => ![...REGIONS, '419899'].includes(region))).toEqual([])
    expect([...regions].filter((region) => assigned.includes(region.slice(0, 4)))).toEqual([])
    const units = await rows(sql<{ region: string }>`select distinct substr(uscc, 3, 6) as region from unit`)
    expect(units.filter(({ region }) => assigned.includes(region.slice(0, 4)))).toEqual([])
  })
})

describe('nobody comes to an empty desk', () => {
  interface Desk {
    readonly number: string
    readonly posts: Post[]
    readonly entity: string
    readonly kind: string
    readonly todo: number
    readonly copied: number
    readonly started: number
    readonly done: number
  }
  const desks = () =>
    rows(sql<Desk>`
      select s.staff_number as number, o.reporting_entity as entity, o.kind,
        array(select p.post from staff_post p where p.staff_id = s.staff_id order by 1) as posts,
        (select count(*)::int from task t join staff_post p on (p.post, p.org_id) = (t.post, t.org_id)
          where t.state = 'OPEN' and p.staff_id = s.staff_id) as todo,
        (select count(*)::int from case_copy y where y.staff_id = s.staff_id and y.read_at is null) as copied,
        (select count(*)::int from case_file c where c.created_by = s.staff_id) as started,
        (select count(distinct case_id)::int from decision d where d.actor_id = s.staff_id) as done
      from staff s join org o using (org_id) order by 1`)

  test('whoever is awaited in some stage has something to do', async () => {
    const awaited = new Set<Post>([...LOAN_STAGES.flatMap((stage) => loanStages[stage].posts), 'SEC_ADMIN'])
    const idle = (await desks()).filter(({ posts, todo }) => todo === 0 && posts.some((post) => awaited.has(post)))
    // In the county no loan is too large for its approver, nothing has been asked of its director, and nobody's rights are to change.
    const without = ['DEPUTY_DIRECTOR', 'DIRECTOR', 'SEC_ADMIN']
    expect(idle.filter(({ posts, entity }) => !(entity === 'changyuan' && without.includes(posts[0] ?? '')))).toEqual([])
  })

  test('everybody else has been told of a case, has begun one, or has decided one; only the court and four of the county have none yet', async () => {
    const empty = (await desks()).filter(({ todo, copied, started, done }) => todo + copied + started + done === 0)
    expect(empty.map(({ posts, entity }) => `${posts.join()} of ${entity}`)).toEqual([
      'SYS_ADMIN of changyuan',
      'SEC_ADMIN of changyuan',
      'LOG_ADMIN of changyuan',
      'RISK of changyuan',
      'COURT_OFFICER of xinxiang',
    ])
  })

  test('the first morning has something of everything', async () => {
    const found = await only(sql<Record<string, number>>`
      select (select count(*)::int from task t where t.state = 'OPEN' and t.due_on < business_today()) as overdue,
        (select count(*)::int from task t where t.state = 'OPEN' and t.due_on = business_today()) as "dueToday",
        (select count(*)::int from task t where t.state = 'OPEN' and t.previous_opinion like '%·退回%') as returned,
        (select count(*)::int from case_file where clock_state = 'PAUSED') as paused,
        (select count(distinct case_id)::int from clock_span s where seq = 3 and state = 'RUNNING') as resumed,
        (select count(*)::int from loan l join case_file f using (case_id) where f.stage = 'APPROVED' and l.approval_valid_to < business_today()) as expired,
        (select count(*)::int from case_note where kind = 'URGE') as urged, (select count(*)::int from case_note where kind = 'NOTE') as noted,
        (select count(*)::int from case_note where kind = 'RISK') as warned,
        (select count(*)::int from case_copy) as copied,
        (select count(*)::int from delegation where business_today() between from_on and to_on) as delegated,
        (select count(*)::int from decision where on_behalf_of is not null) as "stoodIn",
        (select count(*)::int from task_claim where act = 'HAND_OVER') as "handedOver",
        (select count(*)::int from task_claim where act = 'TAKE_OVER') as "takenOver",
        (select count(*)::int from task t where t.state = 'OPEN' and t.stage <> 'SUBMITTED' and t.claimed_by is not null) as claimed,
        (select count(*)::int from incident where state = 'OPEN') as incidents, (select count(*)::int from incident where state = 'CLOSED') as mended,
        (select count(*)::int from payment where state = 'UNKNOWN') as unknown, (select count(*)::int from payment where state = 'FAILED') as failed,
        (select count(*)::int from case_file where kind = 'staff-change' and open) as rights`)
    console.log(`the first morning: ${JSON.stringify(found)}`)
    expect(Object.entries(found).filter(([, count]) => count === 0)).toEqual([])
  })

  test('a claim is kept with its history, and only by somebody who may act', async () => {
    expect(
      await rows(sql`
        select t.task_id from task t left join lateral (select staff_id from task_claim k where k.task_id = t.task_id order by seq desc limit 1) k on true
        where t.state = 'OPEN' and t.stage <> 'SUBMITTED' and t.claimed_by is distinct from k.staff_id`),
    ).toEqual([])
    expect(
      await rows(sql`
        select t.task_id from task t join case_file c using (case_id) where t.state = 'OPEN' and t.claimed_by is not null and (not exists (
          select 1 from staff_post p where p.staff_id = t.claimed_by and (p.post, p.org_id) = (t.post, t.org_id)) or exists (
          select 1 from case_party y join staff_relative r on r.id_hash = y.id_hash where y.case_id = t.case_id and r.staff_id = t.claimed_by))`),
    ).toEqual([])
  })
})

describe('a history that people have made', () => {
  test('opinions are not one sentence over and over', async () => {
    const said = await rows(sql<{ stage: string; action: string; times: number; wordings: number; most: number }>`
      select stage, action, sum(n)::int as times, count(*)::int as wordings, max(n)::int as most from (
        select stage, action, opinion, count(*) as n from decision where actor_id is not null group by 1, 2, 3) o group by 1, 2`)
    const often = said.filter(({ times }) => times > 100)
    expect(often.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['SUBMITTED', 'PRELIM_REVIEW', 'REVIEW', 'APPROVAL', 'APPROVED']),
    )
    expect(often.filter(({ times, wordings, most }) => wordings < 2 || most * 10 > times * 6)).toEqual([])
    expect(await rows(sql`select case_id from decision where opinion ~ '[{}]' or (actor_id is not null and opinion = '')`)).toEqual([])
  })

  test('it was made on working days, while the counter was open, one act after the other', async () => {
    expect(
      await rows(sql`
        select d.case_id, d.decided_at from decision d left join calendar_day y on y.day = (d.decided_at at time zone 'Asia/Shanghai')::date
        where not y.working or (d.decided_at at time zone 'Asia/Shanghai')::date <> d.decided_on
          or (d.decided_at at time zone 'Asia/Shanghai')::time not between '08:30' and '17:30'`),
    ).toEqual([])
    expect(
      await rows(sql`
        select case_id from (select case_id, seq, at, lag(at) over (partition by stream order by seq) as before from audit_row) a where at < before`),
    ).toEqual([])
    const [spread] = await rows(sql<{ hours: number }>`
      select count(distinct extract(hour from decided_at at time zone 'Asia/Shanghai'))::int as hours from decision`)
    expect(spread?.hours).toBeGreaterThan(4)
  })

  test('an account is repaid on the day that its application asked for, at the rate of the day it was paid out', async () => {
    const released = await rows(sql<{ content: Buffer; day: number; rate: string; account: string }>`
      select p.content_enc as content, a.repayment_day as day, l.rate_percent::text as rate, a.rate_percent::text as account
      from loan_account a join loan l using (case_id) join loan_application p using (case_id)`)
    expect(released.length).toBeGreaterThan(300)
    expect(
      released.filter(({ content, day }) => (JSON.parse(vault.open(content)) as { repaymentDay: number }).repaymentDay !== day),
    ).toEqual([])
    expect(released.filter(({ rate, account }) => rate !== account)).toEqual([])
  })
})
