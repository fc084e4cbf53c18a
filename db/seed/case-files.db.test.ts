import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { issuePaper } from '#activities/loan/papers.ts'
import type { PaperKind } from '#activities/papers/input.ts'
import type { Ports } from '#activities/ports/ports.ts'
import type { PlainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { LOAN_MATERIALS, materialLabel } from '#rules/loan/materials.ts'
import { db, only, openCity, rows, vault } from '../../tests/setup/seeded-city.ts'
import { sha256Hex } from '../canonical.ts'
import type { BusinessTime } from '../read/time.ts'

/** What lies in the cases of the city: the materials that were handed in, and the papers that were issued. */
openCity({ contributors: 1200, olderLoans: 1000, openCases: 66 })

describe('every case has its materials', () => {
  const required = LOAN_MATERIALS.filter((one) => one.required).map(({ code }) => code)

  test('the checklist is there from the first day, each file what it says it is, and kept once', async () => {
    const bare = await rows(sql`
      select c.case_number from case_file c where c.kind = 'loan' and (c.open or c.created_on >= '2025-01-01') and not exists (
        select 1 from document d where d.case_id = c.case_id)`)
    expect(bare).toEqual([])
    const kept = await rows(sql<{ sha256: string; content: Buffer }>`select sha256, content from document_content`)
    expect(kept).toHaveLength(required.length)
    expect(kept.filter(({ sha256, content }) => sha256Hex(content) !== sha256)).toEqual([])
    expect(kept.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThan(1_000_000)
    expect(
      await rows(sql`
        select d.document_id from document d left join document_content k using (sha256)
        where k.content is null or length(k.content) <> d.size_bytes or d.media_type
          <> (case substr(encode(k.content, 'hex'), 1, 8) when '25504446' then 'application/pdf' when '89504e47' then 'image/png' else '' end)`),
    ).toEqual([])
  })

  test('what has been accepted has been looked at, piece by piece, by somebody who may', async () => {
    const unseen = await rows(sql`
      select c.case_number, d.material from case_file c join document d using (case_id)
      where c.accepted_on is not null and d.check_state = 'UNCHECKED'`)
    expect(unseen).toEqual([])
    expect(
      await rows(sql`
        select d.document_id from document d where (d.check_state = 'UNCHECKED') <> (d.checked_by is null) or (d.checked_by is not null and not exists (
          select 1 from staff_post p where p.staff_id = d.checked_by and p.post in ('INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER')))`),
    ).toEqual([])
    const [waiting] = await rows(sql<{ untouched: number; begun: number }>`
      select count(*) filter (where checked = 0)::int as untouched, count(*) filter (where checked > 0)::int as begun from (
        select case_id, count(*) filter (where check_state = 'VERIFIED') as checked from document join case_file using (case_id)
        where stage = 'SUBMITTED' group by 1) s`)
    expect(waiting?.untouched).toBeGreaterThan(0)
    expect(waiting?.begun).toBeGreaterThan(0)
  })

  test('a case that waits for something lacks exactly what its notice asks for', async () => {
    const asking = await rows(sql<{ caseNumber: string; wanted: string[]; good: string[] }>`
      select c.case_number as "caseNumber", array(select item from want w where w.case_id = c.case_id and w.satisfied_at is null) as wanted,
        array(select material from document d where d.case_id = c.case_id and d.check_state = 'VERIFIED') as good
      from case_file c where c.stage in ('CORRECTION_REQUESTED', 'SUPPLEMENT_PENDING', 'LAPSED')`)
    expect(asking.length).toBeGreaterThan(5)
    for (const { caseNumber, wanted, good } of asking) {
      const lacking = required.filter((code) => !good.includes(code)).map(materialLabel)
      expect([caseNumber, lacking.toSorted()]).toEqual([caseNumber, wanted.toSorted()])
    }
    const others = await rows(sql<{ caseNumber: string; good: string[] }>`
      select c.case_number as "caseNumber", array(select distinct material from document d where d.case_id = c.case_id and d.check_state = 'VERIFIED') as good
      from case_file c where c.kind = 'loan' and (c.open or c.created_on >= '2025-01-01')
        and c.stage not in ('CORRECTION_REQUESTED', 'SUPPLEMENT_PENDING', 'LAPSED', 'RETURNED', 'WITHDRAWN', 'SUBMITTED', 'NOT_ACCEPTED')`)
    expect(others.filter(({ good }) => good.length !== required.length)).toEqual([])
  })

  test('each upload and each check is in the audit chain of its case, once', async () => {
    const told = await only(sql<{ uploads: number; documents: number; checks: number; checked: number }>`
      select (select count(*)::int from audit_row where act = 'document/upload') as uploads, (select count(*)::int from document) as documents,
        (select count(*)::int from audit_row where act in ('document/VERIFIED', 'document/MISSING', 'document/MISMATCH')) as checks,
        (select count(*)::int from document where check_state <> 'UNCHECKED') as checked`)
    expect(told.documents).toBeGreaterThan(800)
    expect([told.uploads, told.checks]).toEqual([told.documents, told.checked])
  })
})

describe('every case has its papers', () => {
  /** Answered since: what the notice asked for, and what the counter took in besides, is no longer what it was when the paper was made. */
  const ANSWERED = ['receive', 'resubmit']

  test('what a paper of the history prints is what the deciding transaction would keep today', async () => {
    const kept = await rows(sql<{
      case_id: string
      kind: PaperKind
      input: string
      issued_on: PlainDate
      issued_at: string
      decision: Decided
    }>`
      select p.case_id, p.kind, p.input, p.issued_on, p.issued_at, row_to_json(d) as decision
      from paper p join case_file c using (case_id) join decision d on d.case_id = p.case_id and d.stage_version = p.stage_version
      where (c.open or c.stage <> 'DISBURSED' or p.case_id in (select case_id from case_file where stage = 'DISBURSED' order by case_number desc limit 5))
        and not exists (select 1 from decision a where a.case_id = p.case_id and a.action = any(${ANSWERED}))
        and not (p.kind = 'ACCEPTANCE_RECEIPT' and c.clock_state = 'PAUSED') and c.stage <> 'LAPSED'
        -- what a review has found wanting since was good when the receipt was given
        and not (p.kind = 'ACCEPTANCE_RECEIPT'
          and exists (select 1 from document x where x.case_id = p.case_id and x.check_state in ('MISSING', 'MISMATCH')))`)
    expect(new Set(kept.map(({ kind }) => kind)).size).toBe(6)
    for (const { case_id: caseId, kind, input, issued_on: today, issued_at: now, decision } of kept) {
      const again = await issuedAgain(caseId, kind, { today, now }, decision)
      expect({ kind, input: again }).toEqual({ kind, input: withoutNumber(input) })
    }
  }, 60_000)

  interface Decided {
    readonly opinion: string
    readonly reason_code: string | null
    readonly terms: { readonly amountFen: string; readonly months: number } | null
  }
  const withoutNumber = (input: string): unknown => ({ ...(JSON.parse(input) as object), paperNumber: null })

  /** Issued once more at a version of its own, read, and taken back. */
  async function issuedAgain(
    caseId: string,
    kind: PaperKind,
    time: BusinessTime,
    { opinion, reason_code, terms }: Decided,
  ): Promise<unknown> {
    const version = 1000
    let issued: unknown
    const undone = new Error('taken back')
    await db
      .transaction()
      .execute(async (tx) => {
        const kase = await tx.selectFrom('case_file').selectAll().where('case_id', '=', caseId).executeTakeFirstOrThrow()
        const body = {
          opinion,
          ...(reason_code ? { reasonCode: reason_code } : {}),
          ...(terms ? { terms: { amountFen: fen(BigInt(terms.amountFen)), months: terms.months } } : {}),
        }
        await issuePaper(tx, { db, vault, ports: {} as Ports }, { ...kase, stage_version: version }, kind, time, body)
        const row = await tx
          .selectFrom('paper')
          .select('input')
          .where('case_id', '=', caseId)
          .where('stage_version', '=', version)
          .executeTakeFirstOrThrow()
        issued = withoutNumber(row.input)
        throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
    return issued
  }

  test('papers are numbered by kind and year without a gap, in the order in which they were issued, and the counter goes on from there', async () => {
    expect(
      await rows(sql`
        select name, year, last_number, count(p.paper_id) from number_sequence s join paper p
          on s.name = 'paper/' || (select reporting_entity from case_file c where c.case_id = p.case_id) || '/' || p.kind
            and s.year = extract(year from p.issued_on)
        group by 1, 2, 3 having count(p.paper_id) <> last_number`),
    ).toEqual([])
    expect(
      await rows(sql`
        select * from (select c.reporting_entity, p.kind, substring(p.paper_number from '〕(\\d+)号')::int as no,
          row_number() over (partition by c.reporting_entity, p.kind order by p.issued_at, c.case_number) as place
          from paper p join case_file c using (case_id)) n
        where no <> place`),
    ).toEqual([])
    expect(await rows(sql`select paper_id from paper where sha256 is not null`)).toEqual([])
  })
})
