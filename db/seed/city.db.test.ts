import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { lockKeysOf } from '#activities/loan/locks.ts'
import { openApplication } from '#activities/loan/application.ts'
import { checkIdNumber, checkUscc, isLuhn } from '#contracts/identity.ts'
import { loanApplication } from '#contracts/loan.ts'
import { sandboxLoad, requestScript } from '#contracts/machine/sandbox.ts'
import { POSTS, SECOND_FACTOR_POSTS, type Post } from '#contracts/posts.ts'
import { incompatiblePosts } from '#rules/cases/incompatible-posts.ts'
import { LOAN_STAGES, loanStages } from '#rules/loan/stages.ts'
import { city, db, openCity, rows, vault } from '../../tests/setup/seeded-city.ts'
import { readFounding } from '../read/founding.ts'
import { appendAudit, auditHash, auditRowText, GENESIS } from '../write/audit.ts'
import { OPEN_STAGES } from './paths.ts'

describe('the whole city', () => {
  openCity()

  test('it has the size that was promised', async () => {
    expect(await readFounding(db)).toMatchObject({ demo: true, at: null })
    expect(city.counts).toMatchObject({ staff: 77, units: 400, loans: 3900, closedCases: 390 + 30, openCases: 66 })
    expect(city.counts.contributors).toBeGreaterThanOrEqual(4000)
    const orgs = await rows(sql<{ kind: string; n: number }>`select kind, count(*)::int as n from org group by kind order by kind`)
    expect(orgs).toEqual([
      { kind: 'BANK', n: 6 },
      { kind: 'BRANCH', n: 7 },
      { kind: 'CENTRE', n: 2 },
      { kind: 'COURT', n: 1 },
      { kind: 'GUARANTOR', n: 2 },
    ])
  })

  test('the books balance: every voucher, every account, persons against 201, loans against 121 and 122', async () => {
    const [sums] = await rows(sql<Record<string, bigint>>`
      select (select sum(balance_fen)::bigint from personal_account) as persons,
        (select -sum(amount_fen)::bigint from ledger_balance where ledger_code like '201%') as "a201",
        (select sum(balance_fen)::bigint from loan_account) as loans,
        (select sum(amount_fen)::bigint from ledger_balance where ledger_code like '121%' or ledger_code like '122%') as "a121",
        (select sum(amount_fen)::bigint from ledger_balance) as difference,
        (select min(amount_fen)::bigint from ledger_balance where ledger_code like '10%') as "leastCash"`)
    expect(sums?.['persons']).toBe(sums?.['a201'])
    expect(sums?.['loans']).toBe(sums?.['a121'])
    expect(sums?.['difference']).toBe(0n)
    expect(sums?.['leastCash']).toBeGreaterThan(0n)
    const apart = await rows(sql`
      select ledger_code, sub_account from ledger_balance full join
        (select ledger_code, sub_account, sum(amount_fen) as posted from posting group by 1, 2) p using (ledger_code, sub_account)
      where amount_fen is distinct from posted`)
    expect(apart).toEqual([])
    expect(await rows(sql`select reporting_entity, sum(amount_fen) from ledger_balance group by 1 having sum(amount_fen) <> 0`)).toEqual([])
    expect(await rows(sql`select voucher_id from posting group by 1 having sum(amount_fen) <> 0`)).toEqual([])
  })

  test('each branch, bank and centre agrees with the persons, loans and reservations behind it', async () => {
    expect(
      await rows(sql`
      select a.org_id from personal_account a join ledger_balance b on b.ledger_code = '201' and b.sub_account = a.org_id
      group by a.org_id, b.amount_fen having sum(a.balance_fen) <> -b.amount_fen`),
    ).toEqual([])
    expect(
      await rows(sql`
      select l.bank_org_id from loan_account l group by 1
      having sum(balance_fen) <> (select coalesce(sum(amount_fen), 0) from ledger_balance b
        where b.sub_account = l.bank_org_id and b.ledger_code in ('12101', '12201'))`),
    ).toEqual([])
    const [reserved] = await rows(sql<{ held: bigint; kept: bigint }>`
      select (select coalesce(sum(amount_fen), 0)::bigint from reservation where state = 'HELD') as held,
        (select sum(reserved_fen)::bigint from ledger_balance) as kept`)
    expect(reserved?.held).toBeGreaterThan(0n)
    expect(reserved?.held).toBe(reserved?.kept)
  })

  test('an account is the sum of its entries, and no entry takes it below zero', async () => {
    expect(
      await rows(sql`
      select account_number from personal_account a left join account_entry e using (account_number)
      group by account_number, a.balance_fen having coalesce(sum(e.amount_fen), 0) <> a.balance_fen or min(e.balance_fen) < 0`),
    ).toEqual([])
    expect(
      await rows(sql`
      select e.account_number from account_entry e join (select account_number, max(seq) as seq from account_entry group by 1) last using (account_number, seq)
      join personal_account a using (account_number) where e.balance_fen <> a.balance_fen`),
    ).toEqual([])
  })

  test('every post exists, and nobody holds two that exclude each other', () => {
    const held = new Set(city.people.flatMap((person) => person.posts))
    expect([...held].sort()).toEqual(Object.keys(POSTS).sort())
    expect(city.people.filter((person) => incompatiblePosts(person.posts as Post[]).length > 0)).toEqual([])
    expect(new Set(city.people.map((person) => person.name)).size).toBe(city.people.length)
  })

  test('exactly the posts that move money or rights have a second factor, each its own', () => {
    for (const { posts, totpSecret } of city.people) {
      expect(totpSecret !== null).toBe(posts.some((post) => SECOND_FACTOR_POSTS.includes(post as Post)))
      if (totpSecret !== null) expect(totpSecret).toMatch(/^[A-Z2-7]{32}$/)
    }
    const secrets = city.people.flatMap((person) => person.totpSecret ?? [])
    expect(new Set(secrets).size).toBe(secrets.length)
  })

  test('in every case each person holds one step group only, and holds the post they acted by at the right organisation', async () => {
    expect(
      await rows(
        sql`select case_id, actor_id from decision where actor_id is not null group by 1, 2 having count(distinct step_group) > 1`,
      ),
    ).toEqual([])
    expect(
      await rows(sql`
      select d.decision_id from decision d join case_file c using (case_id) where d.actor_id is not null and not exists (
        select 1 from staff_post p join org o on o.org_id = p.org_id where p.staff_id = coalesce(d.on_behalf_of, d.actor_id)
          and p.post = d.post and (p.org_id = c.org_id or (o.kind = 'CENTRE' and o.reporting_entity = c.reporting_entity)
          or p.org_id in (select g.org_id from case_grant g where g.case_id = d.case_id)))`),
    ).toEqual([])
    expect(
      await rows(sql`
      select d.decision_id from decision d join case_party p using (case_id) join staff_relative r on r.staff_id = d.actor_id and r.id_hash = p.id_hash`),
    ).toEqual([])
  })

  test('every stage in which a person is awaited has a case, with a task for each post and nothing else open', async () => {
    const stages = await rows(sql<{ stage: string }>`select distinct stage from case_file where open order by 1`)
    expect(stages.map(({ stage }) => stage)).toEqual([...OPEN_STAGES, 'PROPOSED'].sort())
    const awaiting = LOAN_STAGES.filter((stage) => loanStages[stage].posts.length > 0)
    expect([...OPEN_STAGES].sort()).toEqual([...awaiting].sort())
    expect(
      await rows(
        sql`select case_id from case_file c where open <> exists (select 1 from task t where t.case_id = c.case_id and t.state = 'OPEN')`,
      ),
    ).toEqual([])
    expect(
      await rows(sql`select case_id from task t join case_file c using (case_id) where t.state = 'OPEN' and t.stage <> c.stage`),
    ).toEqual([])
  })

  test('the decisions of a case lead from its first stage to the recorded one, without a gap', async () => {
    expect(
      await rows(sql`
      select * from (select case_id, stage, to_stage, lead(stage) over w as next, row_number() over w as n, decided_at, lead(decided_at) over w as later
        from decision window w as (partition by case_id order by seq)) d join case_file c using (case_id)
      where (n = 1 and d.stage <> (case c.kind when 'loan' then 'SUBMITTED' else 'PROPOSED' end))
        or (d.next is null and d.to_stage <> c.stage and c.stage <> d.stage)
        or (d.next is not null and d.next <> d.to_stage and d.next <> d.stage) or d.later < d.decided_at`),
    ).toEqual([])
    expect(
      await rows(sql`
      select c.case_id from case_file c left join decision d using (case_id) group by c.case_id having c.stage_version <> 1 + count(d.decision_id)`),
    ).toEqual([])
  })

  test('among the open cases one is overdue, some are near their end, one stands still', async () => {
    const [seen] = await rows(sql<{ overdue: number; near: number; paused: number; expired: number }>`
      select count(*) filter (where clock_state = 'RUNNING' and due_on < business_today())::int as overdue,
        count(*) filter (where clock_state = 'RUNNING' and due_on between business_today() and business_today() + 3)::int as near,
        count(*) filter (where clock_state = 'PAUSED')::int as paused,
        (select count(*)::int from loan l join case_file f using (case_id) where f.stage = 'APPROVED' and l.approval_valid_to < business_today()) as expired
      from case_file where open`)
    expect(seen?.overdue).toBeGreaterThanOrEqual(1)
    expect(seen?.near).toBeGreaterThanOrEqual(1)
    expect(seen?.paused).toBeGreaterThanOrEqual(1)
    expect(seen?.expired).toBeGreaterThanOrEqual(1)
  })

  test('all identity numbers, unit codes and cards have good check digits, and no two people share a number', async () => {
    const sealed = await rows(sql<{ id: Buffer; phone: Buffer | null }>`
      select id_number_enc as id, phone_enc as phone from contributor union all select id_number_enc, phone_enc from case_party`)
    const wrong = sealed.map(({ id }) => vault.open(id)).filter((id) => !checkIdNumber(id).ok)
    expect(wrong).toEqual([])
    expect(sealed.flatMap(({ phone }) => (phone ? [vault.open(phone)] : [])).filter((phone) => !/^1990\d{7}$/.test(phone))).toEqual([])
    const units = await rows(sql<{ uscc: string }>`select uscc from unit`)
    expect(units.filter(({ uscc }) => !checkUscc(uscc).ok)).toEqual([])
    expect(await rows(sql`select id_hash from case_party where role = 'BORROWER' group by 1 having count(*) > 1`)).toEqual([])
    expect(await rows(sql`select p.id_hash from case_party p join contributor c using (id_hash) where p.name <> c.name`)).toEqual([])
  })

  test('every application opens as the schema wants it, and holds the locks that the counter would take', async () => {
    const kept = await rows(
      sql<{
        case_id: string
        content_enc: Buffer
        open: boolean
      }>`select case_id, content_enc, open from loan_application join case_file using (case_id)`,
    )
    expect(kept).toHaveLength(city.counts.closedCases + city.counts.openCases)
    const locks = await rows(sql<{ case_id: string; lock_key: Buffer }>`select case_id, lock_key from case_lock`)
    const hexOf = (keys: readonly Buffer[]) => keys.map((key) => key.toString('hex')).sort()
    for (const { case_id, content_enc, open } of kept) {
      const application = openApplication(vault, content_enc)
      expect(isLuhn(application.repaymentCard.number)).toBe(true)
      const held = locks.filter((lock) => lock.case_id === case_id).map((lock) => lock.lock_key)
      expect(hexOf(held)).toEqual(open ? hexOf(lockKeysOf(vault, application)) : [])
    }
  })

  test('the audit chains of the history verify, and the next real row goes on from them', async () => {
    const [one] = await rows(
      sql<{ case_id: string; org_id: string }>`select case_id, org_id from case_file where open order by case_number limit 1`,
    )
    if (!one) throw new Error('no open case')
    await db
      .transaction()
      .execute((tx) =>
        appendAudit(tx, { stream: `case/${one.case_id}`, caseId: one.case_id, orgId: one.org_id, actor: 'system', act: 'test', body: {} }),
      )
    const chain = await rows(sql<{
      stream: string
      seq: bigint
      at: string
      actor: string
      act: string
      body: string
      prev_hash: string
      hash: string
    }>`
      select stream, seq, at, actor, act, body, prev_hash, hash from audit_row order by stream, seq`)
    let [stream, head] = ['', GENESIS]
    for (const row of chain) {
      if (row.stream !== stream) [stream, head] = [row.stream, GENESIS]
      const { prev_hash: prev, hash, seq, ...rest } = row
      expect(prev).toBe(head)
      expect(auditHash(auditRowText({ ...rest, seq: String(seq), prev }))).toBe(hash)
      head = hash
    }
    const [cases] = await rows(sql<{ n: number }>`select count(*)::int as n from case_file`)
    expect(new Set(chain.map((row) => row.stream)).size).toBe(cases?.n)
  })

  test('the world outside can be loaded as it is', () => {
    expect(sandboxLoad.safeParse(city.outside.load).error?.issues ?? []).toEqual([])
    for (const script of city.outside.scripts) expect(requestScript.safeParse(script).error?.issues ?? []).toEqual([])
  })

  test('the people of the stories can be entered at the counter: none has a case, and the form is complete', async () => {
    const { demoApplicants } = await import('./people.ts')
    for (const { story, application, family } of demoApplicants) {
      expect([
        story.key,
        loanApplication.safeParse(
          JSON.parse(JSON.stringify(application, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))),
        ).error?.issues,
      ]).toEqual([story.key, undefined])
      const found = await db
        .selectFrom('case_party')
        .select('case_id')
        .where('id_hash', '=', vault.hash(family.borrower.person.idNumber))
        .execute()
      expect(found).toEqual([])
    }
  })
})
