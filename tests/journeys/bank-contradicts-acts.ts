import { expect, vi } from 'vitest'
import { openApplication } from '#activities/loan/application.ts'
import { homeKeyOf } from '#activities/loan/locks.ts'
import { plainDate } from '#contracts/dates.ts'
import { keepFinding } from '#db/write/findings.ts'
import { cast, house } from './open-journeys.ts'

/** What somebody of risk management finds that they would not be let: as if it had become so since. The machine ends it. */
export async function findsPastTheRule(incidentId: string | undefined): Promise<void> {
  const { owner } = house
  const payment = await owner
    .selectFrom('incident')
    .innerJoin('payment', 'payment.payment_id', 'incident.payment_id')
    .select(['incident.incident_id', 'payment.payment_id', 'payment.case_id', 'payment.org_id', 'payment.access_group_id'])
    .where('incident_id', '=', incidentId ?? '')
    .executeTakeFirstOrThrow()
  const found = {
    incidentId: payment.incident_id,
    paymentId: payment.payment_id,
    caseId: payment.case_id,
    orgId: payment.org_id,
    accessGroupId: payment.access_group_id,
    claim: 'PAID' as const,
    bankReference: 'B-20251103-77',
    bankDay: plainDate('2025-11-03'),
    reason: '已核对',
    foundBy: await finderId(),
    foundFor: null,
  }
  expect(await owner.transaction().execute((tx) => keepFinding(tx, found))).toBe(true)
  await denied(payment.case_id)
}

/** The last finding of the case is not followed. */
export const denied = (caseId: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const last = house.owner.selectFrom('payment_finding').select('state').where('case_id', '=', caseId).orderBy('finding_no', 'desc')
      expect(await last.executeTakeFirst()).toEqual({ state: 'DENIED' })
    },
    { timeout: 30_000, interval: 150 },
  )

/** While another case claims the home of this one. */
export async function whileClaimed(caseId: string, work: () => Promise<void>): Promise<void> {
  const { owner, vault } = house
  const form = owner.selectFrom('loan_application').select('content_enc').where('case_id', '=', caseId)
  const key = homeKeyOf(vault, openApplication(vault, (await form.executeTakeFirstOrThrow()).content_enc))
  const other = await owner.selectFrom('case_file').select('case_id').where('case_id', '<>', caseId).executeTakeFirstOrThrow()
  await owner.insertInto('case_lock').values({ lock_key: key, case_id: other.case_id, what: 'HOME' }).execute()
  try {
    await work()
  } finally {
    await owner.deleteFrom('case_lock').where('lock_key', '=', key).execute()
  }
}

/** While so much is set aside for others on every account that the amount is not free by one fen. */
export async function whileSetAside(neededFen: bigint, work: () => Promise<void>): Promise<void> {
  const balances = house.owner.updateTable('ledger_balance').where('ledger_code', '=', '10101')
  const before = await house.owner.selectFrom('ledger_balance').selectAll().where('ledger_code', '=', '10101').execute()
  await balances.set((eb) => ({ reserved_fen: eb('amount_fen', '-', neededFen - 1n) })).execute()
  try {
    await work()
  } finally {
    for (const row of before) await balances.set({ reserved_fen: row.reserved_fen }).where('sub_account', '=', row.sub_account).execute()
  }
}

/** While the borrower is a brother or sister of whoever looks into it. */
export async function amongRelatives(caseId: string, work: () => Promise<void>): Promise<void> {
  const { owner } = house
  const borrower = owner.selectFrom('case_party').select('id_hash').where('case_id', '=', caseId).where('role', '=', 'BORROWER')
  const { id_hash: hash } = await borrower.executeTakeFirstOrThrow()
  if (!hash) throw new Error('a borrower has a number')
  const staffId = await finderId()
  await owner.insertInto('staff_relative').values({ staff_id: staffId, relation: 'SIBLING', id_hash: hash }).execute()
  try {
    await work()
  } finally {
    await owner.deleteFrom('staff_relative').where('staff_id', '=', staffId).where('id_hash', '=', hash).execute()
  }
}

async function finderId(): Promise<string> {
  const finder = house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', cast.numberOf('RISK'))
  return (await finder.executeTakeFirstOrThrow()).staff_id
}

/** How often the case was brought before the cashier for what somebody has found. */
export const timesDisputed = async (caseId: string): Promise<number> =>
  (await house.owner.selectFrom('decision').where('case_id', '=', caseId).where('action', '=', 'dispute').select('seq').execute()).length
