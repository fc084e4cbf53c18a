import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { db, only, openCity, rows } from '../../tests/setup/seeded-city.ts'
import { centreOfNobody, raiseIncident } from './incidents.ts'

const BEFORE = plainDate('2025-10-01')

openCity({ contributors: 400, olderLoans: 20, openCases: 66 })

test('what puts a payment in question joins a lesser word of it that stands on the page, and is joined by none', async () => {
  const payment = await only<{ payment_id: string; case_id: string; org_id: string }>(sql`
    select payment_id, case_id, org_id from payment p where not exists (select 1 from incident i where i.case_id = p.case_id) limit 1`)
  const reference = payment.payment_id
  const raise = (detail: string, claim?: 'PAID' | 'RETURNED') =>
    db.transaction().execute((tx) =>
      raiseIncident(tx, {
        kind: 'PAYMENT_CONTRADICTED',
        caseId: payment.case_id,
        orgId: payment.org_id,
        reference,
        detail,
        ...(claim ? { claim: { paymentId: reference, claim } } : {}),
      }),
    )
  const standing = () => rows(sql`select detail, claim, payment_id from incident where reference = ${reference} and state = 'OPEN'`)

  await raise('金额不符')
  expect(await standing()).toEqual([{ detail: '金额不符', claim: null, payment_id: null }])
  await raise('又称划款成功', 'PAID')
  const joined = [{ detail: '金额不符；又称划款成功', claim: 'PAID', payment_id: reference }]
  expect(await standing()).toEqual(joined)
  await raise('又称划款成功', 'PAID')
  await raise('金额不符')
  expect(await standing(), 'the same again is said once').toEqual(joined)
})

test('what is of no case goes where somebody may settle it, of two such centres to the one with more branches', async () => {
  const settledBy = (centres: readonly string[]) =>
    db.transaction().execute(async (tx) => {
      await tx.updateTable('staff_post').set({ to_on: BEFORE }).where('post', '=', 'RISK').where('org_id', 'not in', centres).execute()
      const centre = await centreOfNobody(tx)
      await tx.updateTable('staff_post').set({ to_on: null }).where('post', '=', 'RISK').where('to_on', '=', BEFORE).execute()
      return centre
    })
  const both = ['centre-changyuan', 'centre-xinxiang']
  expect(
    (await rows<{ org_id: string }>(sql`select distinct org_id from staff_post where post = 'RISK' order by 1`)).map((row) => row.org_id),
  ).toEqual(both)
  expect(await settledBy(both)).toBe('centre-xinxiang')
  expect(await settledBy(['centre-changyuan'])).toBe('centre-changyuan')
})
