import { describe, expect, test } from 'vitest'
import type { CaseView } from '#contracts/api/cases.ts'
import type { Browser } from '../setup/http-client.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()

describe('a loan from application to money paid out', () => {
  test('is carried by people of different posts until the bank has paid and the ledger balances', async () => {
    const caseId = await cast.readyToPay('approved-single')
    await cast.pays(caseId)
    expect(await cast.reaches('CASHIER', caseId, 'DISBURSED', 'PAY_FAILED', 'PAY_UNKNOWN')).toBe('DISBURSED')

    const done = await cast.see('CASHIER', caseId)
    const [payment] = done.payments
    expect(payment).toMatchObject({ state: 'SUCCEEDED' })
    expect(done.vouchers[0]?.postings.map(({ ledgerCode, debitFen, creditFen }) => [ledgerCode, debitFen, creditFen])).toEqual([
      ['12101', payment?.amountFen, '0'],
      [expect.stringMatching(/^101/), '0', payment?.amountFen],
    ])
    expect(done.papers.map(({ kind }) => kind).sort()).toEqual(['ACCEPTANCE_RECEIPT', 'APPROVAL', 'REPAYMENT_PLAN'])
    // Payments are the centre's. A branch is told that there is one, and no more.
    expect(done.paymentsElsewhere).toBe(false)
    const hidden = { payments: [], vouchers: [], paymentsElsewhere: true }
    expect(await cast.see('INTAKE', caseId)).toMatchObject({ case: { stage: 'DISBURSED' }, ...hidden })
    expect(await (await cast.person('APPROVER')).get(`/api/cases/${caseId}/audit`)).toMatchObject({ intact: true })
    expect((await house.sandbox.payments()).filter((one) => one.state === 'SUCCEEDED')).toHaveLength(1)
  }, 120_000)

  test('is refused with every reason, and the letter says them', async () => {
    const caseId = await cast.accepted('refused-two-loans')
    const [verdict] = (await cast.see('PRELIMINARY_REVIEWER', caseId)).verdicts
    expect(verdict?.reasons.map(({ code }) => code)).toContain('LOANS_USED_UP')
    // Who finds against the applicant proposes it, and needs no amount for that.
    const proposal = { action: 'propose-refusal', reasonCode: 'LOANS_USED_UP', opinion: '家庭已使用两次公积金贷款' }
    await cast.decides('PRELIMINARY_REVIEWER', caseId, proposal)
    await cast.decides('REVIEWER', caseId, proposal)
    const terms = { amountFen: '40000000', months: 240 }
    const approver = await cast.person('APPROVER')
    const tried = await approver.decide(caseId, { action: 'approve', terms })
    expect(tried).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: expect.stringContaining('特审') } })
    await cast.decides('APPROVER', caseId, { action: 'refuse', reasonCode: 'LOANS_USED_UP', opinion: '已使用两次' })
    const refused = await cast.see('APPROVER', caseId)
    expect(refused.case).toMatchObject({ stage: 'REFUSED', open: false })
    const [paper] = refused.papers.filter(({ kind }) => kind === 'REFUSAL')
    const printed = await fetch(`${house.origin}/api/papers/${paper?.paperId}`, { headers: { Cookie: approver.cookieHeader } })
    expect(printed.headers.get('content-type'), await printed.clone().text()).toContain('application/pdf')
  }, 60_000)

  test('comes back from the reviewer to the counter, is corrected, and keeps the earlier opinions', async () => {
    const caseId = await cast.accepted('approved-couple')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '初审无误' })
    await cast.decides('REVIEWER', caseId, { action: 'return', to: 'RETURNED', opinion: '请核对首付款凭证' })
    await cast.decides('INTAKE', caseId, { action: 'resubmit', opinion: '已核对' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    const back = await cast.see('PRELIMINARY_REVIEWER', caseId)
    expect(back.timeline.map(({ opinion }) => opinion)).toEqual(expect.arrayContaining(['初审无误', '请核对首付款凭证', '已核对']))
    expect(back.verdicts).toHaveLength(2)
    expect(back.clock.state).toBe('RUNNING')
  }, 60_000)

  test('is supplemented once: one notice for everybody’s wants, the clock stands from delivery to receipt', async () => {
    const caseId = await cast.accepted('approved-second-home')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, {
      action: 'pass',
      opinion: '缺收入证明',
      wants: [{ item: '收入证明', reason: '未加盖单位公章' }],
    })
    const reviewer = await cast.person('REVIEWER')
    const tooEarly = await reviewer.decide(caseId, { action: 'pass', terms: { amountFen: '30000000', months: 240 } })
    expect(tooEarly).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE' } })
    await cast.decides('REVIEWER', caseId, { action: 'supplement', wants: [{ item: '首付款发票', reason: '未提供' }] })
    const waiting = await cast.see('INTAKE', caseId)
    expect(waiting.wants.map(({ item, noticeNo }) => [item, noticeNo])).toEqual([
      ['收入证明', 1],
      ['首付款发票', 1],
    ])
    expect(waiting.clock.state).toBe('RUNNING')
    await cast.decides('INTAKE', caseId, { action: 'deliver', fields: { deliveredOn: '2025-11-03', deliveryMethod: '窗口当面送达' } })
    expect((await cast.see('INTAKE', caseId)).clock).toMatchObject({ state: 'PAUSED', dueOn: null })
    await cast.decides('INTAKE', caseId, { action: 'receive', opinion: '两项材料已补齐' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    const again = await cast.see('PRELIMINARY_REVIEWER', caseId)
    expect(again.clock.state).toBe('RUNNING')
    expect(again.wants.every(({ satisfied }) => satisfied)).toBe(true)
  }, 60_000)

  test('goes to a person when a source does not answer, never to an empty result', async () => {
    const caseId = await cast.complete('manual-credit-silent')
    await cast.decides('INTAKE', caseId, { action: 'accept' })
    expect(await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')).toBe('MANUAL_CHECK')
    const open = await cast.see('PRELIMINARY_REVIEWER', caseId)
    expect(open.sources.find(({ source }) => source === 'CREDIT')?.outcome).toBe('UNAVAILABLE')
    expect(open.verdicts[0]?.reasons.map(({ code }) => code)).toContain('SOURCE_UNAVAILABLE')
  }, 60_000)
})

test('a loan that the books were opened with has no payment, here or elsewhere', async () => {
  const { case_id: caseId } = await house.owner
    .selectFrom('case_file')
    .innerJoin('org', 'org.org_id', 'case_file.org_id')
    .select('case_id')
    .where('org.name', '=', cast.branch)
    .where('stage', '=', 'DISBURSED')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('payment').select('payment_id').whereRef('payment.case_id', '=', 'case_file.case_id'))),
    )
    .limit(1)
    .executeTakeFirstOrThrow()
  for (const post of ['INTAKE', 'CASHIER'])
    expect(await cast.see(post, caseId)).toMatchObject({ payments: [], vouchers: [], paymentsElsewhere: false })
})

describe('money that moves once', () => {
  test('a payment whose answer is lost is asked for, not sent again', async () => {
    const caseId = await cast.readyToPay('approved-price-differs')
    await house.sandbox.script({ service: 'bank', operation: '/payments/submit', count: 1, behaviour: { kind: 'answer-lost' } })
    await cast.pays(caseId)
    expect(await cast.reaches('CASHIER', caseId, 'DISBURSED', 'PAY_UNKNOWN')).toBe('DISBURSED')
    const { payments, vouchers } = await cast.see('CASHIER', caseId)
    expect(payments).toMatchObject([{ state: 'SUCCEEDED' }])
    expect(vouchers).toHaveLength(1)
    const serial = payments[0]?.paymentId.toUpperCase()
    expect((await house.sandbox.payments()).filter((one) => one.serial === serial)).toHaveLength(1)
  }, 120_000)
})

describe('two officers and one case', () => {
  test('the second decision on the same version is told who was first', async () => {
    const caseId = await cast.complete('approved-price-limits')
    const clerk = await cast.person('INTAKE')
    const answers = await Promise.all([
      clerk.decide(caseId, { action: 'accept' }, { version: 1 }),
      clerk.decide(caseId, { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '不属自住' }, { version: 1 }),
    ])
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 412])
    expect(answers.find(({ status }) => status === 412)?.body).toMatchObject({ code: 'STALE', decided_by: expect.any(String) })
  }, 60_000)

  test('a double click is one decision, and both clicks get the same answer', async () => {
    const caseId = await cast.complete('approved-capacity-limits')
    const clerk = await cast.person('INTAKE')
    const key = crypto.randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => clerk.decide(caseId, { action: 'accept' }, { version: 1, key })))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const other = await clerk.decide(caseId, { action: 'accept', opinion: '另一内容' }, { version: 1, key })
    expect(other).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } })
  }, 60_000)

  test('a household before one counter is not before another', async () => {
    const again = await cast.trySubmit('approved-couple')
    expect(again).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE' } })
  })

  test('a relative of the borrower is barred, and the page says why; their colleague of the same post is not', async () => {
    const caseId = await cast.accepted('recusal-preliminary')
    const { staff_number: number } = await house.owner
      .selectFrom('staff_relative')
      .innerJoin('staff', 'staff.staff_id', 'staff_relative.staff_id')
      .innerJoin('case_party', 'case_party.id_hash', 'staff_relative.id_hash')
      .select('staff.staff_number')
      .where('case_party.case_id', '=', caseId)
      .executeTakeFirstOrThrow()
    const holders = house.logins.people.filter((one) => one.posts.includes('PRELIMINARY_REVIEWER') && one.orgName === cast.branch)
    const colleague = holders.find(({ staffNumber }) => staffNumber !== number)?.staffNumber ?? ''
    const [relative, other] = [await house.signIn(number), await house.signIn(colleague)]
    const pass = async (person: Browser) =>
      (await person.get<CaseView>(`/api/cases/${caseId}`)).actions.find(({ action }) => action === 'pass')

    expect(await pass(relative)).toMatchObject({ allowed: false, obstacles: [{ code: 'RECUSAL' }] })
    expect(await relative.decide(caseId, { action: 'pass' })).toMatchObject({ status: 409, body: { code: 'RECUSAL' } })
    expect(await pass(other)).toMatchObject({ allowed: true, obstacles: [] })
    expect(await other.decide(caseId, { action: 'pass', opinion: '资料齐全' })).toMatchObject({ status: 200, body: { stage: 'REVIEW' } })
  }, 60_000)

  test('so is an officer whose own employer is that of the borrower, by the books and not by the form alone', async () => {
    const caseId = await cast.accepted('approved-many-children')
    const { unit_id: unitId } = await house.owner
      .selectFrom('contributor')
      .innerJoin('case_party', 'case_party.id_hash', 'contributor.id_hash')
      .select('contributor.unit_id')
      .where('case_party.case_id', '=', caseId)
      .where('case_party.role', '=', 'BORROWER')
      .executeTakeFirstOrThrow()
    await house.owner.updateTable('case_party').set({ unit_name: '另填的单位' }).where('case_id', '=', caseId).execute()
    const employ = (unit: string | null) =>
      house.owner
        .updateTable('staff')
        .set({ employer_unit_id: unit })
        .where('staff_number', '=', cast.numberOf('PRELIMINARY_REVIEWER'))
        .execute()
    const pass = async () => (await cast.see('PRELIMINARY_REVIEWER', caseId)).actions.find(({ action }) => action === 'pass')
    expect(await pass()).toMatchObject({ allowed: true })
    await employ(unitId)
    expect(await pass()).toMatchObject({ allowed: false, obstacles: [{ code: 'RECUSAL', text: expect.stringContaining('同一工作单位') }] })
    const refused = await (await cast.person('PRELIMINARY_REVIEWER')).decide(caseId, { action: 'pass' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'RECUSAL' } })
    await employ(null)
    expect(await pass()).toMatchObject({ allowed: true })
  }, 60_000)
})
