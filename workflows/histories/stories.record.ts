import { writeFileSync } from 'node:fs'
import { Client, Connection } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { LoanCast } from '../../tests/journeys/loan-cast.ts'
import { startHouse, type House } from '../../tests/setup/house.ts'

let house: House
let cast: LoanCast
let connection: Connection

beforeAll(async () => {
  house = await startHouse({ plainPayloads: true })
  cast = new LoanCast(house)
  connection = await Connection.connect({ address: inject('temporal').address })
})
afterAll(async () => {
  await connection.close()
  await house.end()
})

test('approved and paid out', async () => {
  const caseId = await cast.readyToPay('approved-single')
  await cast.pays(caseId)
  expect(await cast.reaches('CASHIER', caseId, 'DISBURSED', 'PAY_FAILED', 'PAY_UNKNOWN')).toBe('DISBURSED')
  await record('loan-paid', `loan/${caseId}`)
})

test('refused', async () => {
  const caseId = await cast.accepted('refused-two-loans')
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass' })
  await cast.decides('REVIEWER', caseId, { action: 'pass', terms: { amountFen: '40000000', months: 240 } })
  await cast.decides('APPROVER', caseId, { action: 'refuse', reasonCode: 'LOANS_USED_UP', opinion: '已使用两次' })
  await record('loan-refused', `loan/${caseId}`)
})

test('returned, resubmitted, returned again and withdrawn', async () => {
  const caseId = await cast.accepted('approved-couple')
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass' })
  await cast.decides('REVIEWER', caseId, { action: 'return', to: 'RETURNED', opinion: '请核对首付款凭证' })
  await cast.decides('INTAKE', caseId, { action: 'resubmit' })
  await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'return', opinion: '仍不一致' })
  await cast.decides('INTAKE', caseId, { action: 'withdraw-application', opinion: '申请人撤回' })
  await record('loan-returned', `loan/${caseId}`)
})

test('supplemented', async () => {
  const caseId = await cast.accepted('approved-second-home')
  await asksForPapers(caseId)
  await cast.decides('INTAKE', caseId, { action: 'receive', opinion: '已补齐' })
  await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
  await record('loan-supplemented', `loan/${caseId}`)
})

test('checked by hand', async () => {
  const caseId = await cast.accepted('manual-credit-silent')
  const paper = { person: 'BORROWER', reference: '个人信用报告（打印件）2025110300123' }
  const credit = { question: 'CREDIT', ...paper, overdueNowFen: '0', overdueRunMonths: 0, overdueTimes24Months: 1, monthlyRepaymentFen: '0' }
  const answers = [credit, { question: 'DISHONESTY', ...paper, listed: false }]
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'confirm', opinion: '已核对纸质征信报告', answers })
  await record('loan-checked-by-hand', `loan/${caseId}`)
})

test('a payment without an answer, found at last', async () => {
  const caseId = await cast.readyToPay('approved-price-differs')
  await house.sandbox.script({ service: 'bank', operation: '/payments/submit', count: 1, behaviour: { kind: 'late', notices: 0 } })
  await cast.pays(caseId)
  await vi.waitFor(
    async () => {
      await house.engine.lookAgain('loan', caseId)
      expect((await cast.see('CASHIER', caseId)).case.stage).toBe('PAY_UNKNOWN')
    },
    { timeout: 30_000, interval: 200 },
  )
  const [payment] = (await cast.see('CASHIER', caseId)).payments
  await house.sandbox.release(payment?.paymentId.toUpperCase() ?? '')
  await cast.decides('CASHIER', caseId, { action: 'query-again' })
  expect(await cast.reaches('CASHIER', caseId, 'DISBURSED')).toBe('DISBURSED')
  await record('loan-payment-found', `loan/${caseId}`)
})

test('a mortgage that the registry denied at first, and money that had to wait', async () => {
  const caseId = await cast.countersigned('approved-capacity-limits')
  await house.sandbox.script({
    service: 'registry',
    operation: '/mortgages/certificate',
    count: 1,
    behaviour: { kind: 'certificate', flaw: 'NOT_REGISTERED' },
  })
  expect(await cast.entersMortgage(caseId)).toBe('MORTGAGE_DOUBTED')
  await cast.decides('REVIEWER', caseId, { action: 'check-again' })
  await cast.reaches('REVIEWER', caseId, 'SECURED')
  await cast.decides('DISBURSEMENT', caseId, { action: 'queue', opinion: '本月资金计划已满' })
  await cast.decides('TREASURY', caseId, { action: 'admit' })
  await cast.reaches('TREASURY', caseId, 'RELEASE_REQUESTED')
  await record('loan-mortgage-doubted', `loan/${caseId}`)
})

test('stopped by a bug of ours, mended and retried', async () => {
  const caseId = await cast.complete('approved-couple')
  const application = house.owner.selectFrom('loan_application').select('content_enc').where('case_id', '=', caseId)
  const { content_enc: whole } = await application.executeTakeFirstOrThrow()
  const write = (content: Buffer) =>
    house.owner.updateTable('loan_application').set({ content_enc: content }).where('case_id', '=', caseId).execute()
  await write(house.vault.seal('{}'))
  await cast.decides('INTAKE', caseId, { action: 'accept' })
  const keeper = await cast.person('SYS_ADMIN')
  const incident = await vi.waitFor(
    async () => {
      const { rows } = await keeper.get<{ rows: { id: string; kind: string; caseId: string | null }[] }>('/api/incidents')
      const found = rows.find((one) => one.caseId === caseId && one.kind === 'CASE_STUCK')
      if (!found) throw new Error('not stuck yet')
      return found
    },
    { timeout: 30_000, interval: 200 },
  )
  await write(whole)
  expect((await keeper.command('POST', `/api/incidents/${incident.id}/retry`, { reason: '原因已排除' })).status).toBe(200)
  await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'return', opinion: '请核对' })
  await cast.decides('INTAKE', caseId, { action: 'withdraw-application', opinion: '申请人撤回' })
  await record('loan-stuck-retried', `loan/${caseId}`)
})

test('a change of rights confirmed, another rejected', async () => {
  const confirmed = await proposes()
  await cast.decides('SEC_ADMIN', confirmed, { action: 'confirm', oneTimeCode: await cast.freshCode('SEC_ADMIN') })
  await record('staff-change-confirmed', `staff-change/${confirmed}`)
  const rejected = await proposes()
  await cast.decides('SEC_ADMIN', rejected, { action: 'reject', opinion: '理由不充分' })
  await record('staff-change-rejected', `staff-change/${rejected}`)
})

// The last two: they move the date, and everybody's reminders fire.
test('waiting, upgraded, reminded, lapsed', async () => {
  const caseId = await cast.accepted('approved-price-limits')
  await asksForPapers(caseId)
  await house.engine.startAfresh('loan', caseId)
  await advances('2025-12-04')
  await cast.decides('INTAKE', caseId, { action: 'lapse', opinion: '逾期未补正' })
  await record('loan-lapsed', `loan/${caseId}`)
})

test('approved by the deputy director, not taken up', async () => {
  const caseId = await cast.approved('approved-many-children')
  await advances('2026-03-05')
  await cast.decides('CONTRACTING', caseId, { action: 'expire', opinion: '逾期未签约' })
  await record('loan-expired', `loan/${caseId}`)
})

async function asksForPapers(caseId: string): Promise<void> {
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', wants: [{ item: '收入证明', reason: '未加盖公章' }] })
  await cast.decides('REVIEWER', caseId, { action: 'supplement' })
  await cast.decides('INTAKE', caseId, { action: 'deliver', fields: { deliveredOn: '2025-11-03', deliveryMethod: '窗口当面送达' } })
}

async function proposes(): Promise<string> {
  const { staff_id } = await house.owner
    .selectFrom('staff')
    .select('staff_id')
    .where('staff_number', '=', cast.numberOf('STATISTICS'))
    .executeTakeFirstOrThrow()
  const answer = await (
    await cast.person('SYS_ADMIN')
  ).command('POST', '/api/staff-changes', { staffId: staff_id, change: 'UNLOCK', reason: '恢复账号' })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return (answer.body as { caseId: string }).caseId
}

async function advances(to: string): Promise<void> {
  expect((await (await cast.person('INTAKE')).command('POST', '/api/clock/advance', { to })).status).toBe(200)
  await vi.waitFor(
    async () => {
      const due = await house.owner
        .selectFrom('deadline')
        .select('code')
        .where('state', '=', 'ARMED')
        .where('due_on', '<=', plainDate(to))
        .execute()
      expect(due).toEqual([])
    },
    { timeout: 15_000 },
  )
}

/** Writes down every run of a workflow, the first one first, each event on a line of its own. */
async function record(story: string, workflowId: string): Promise<void> {
  const client = new Client({ connection, namespace: inject('temporal').namespace })
  // An ended case closes its run a moment after its last answer.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const runs: unknown[][] = []
  let runId = (await client.workflow.getHandle(workflowId).describe()).runId
  while (runId) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    // Who polled from which machine is not part of the story, and no replay looks at it.
    const { events } = JSON.parse(historyToJSON(history).replaceAll(/"identity":\s*"[^"]*"/g, '"identity":"recorder"')) as {
      events: unknown[]
    }
    runs.unshift(events)
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? ''
  }
  const lines = runs.map((events) => `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}`)
  writeFileSync(`${import.meta.dirname}/${story}.json`, `{"workflowId":"${workflowId}","runs":[\n${lines.join(',\n')}\n]}\n`)
}
