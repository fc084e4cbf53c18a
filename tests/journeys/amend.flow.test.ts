import { describe, expect, test } from 'vitest'
import { maskName } from '#contracts/masking.ts'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant } from '#db/seed/people.ts'
import type { CaseView } from '#contracts/api/cases.ts'
import type { Answer, Browser } from '../setup/http-client.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()

type Form = Record<string, unknown>
const formOf = (story: string): Form => JSON.parse(canonicalJson(demoApplicant(story).application)) as Form
const [OTHER_BANK, GUARANTOR] = ['bank-tongze', 'guarantor-anzhu']

/** Another family, another home, another bank, less money for fewer months, with a guarantor. */
const corrected = (story: string): Form => ({
  ...formOf(story),
  entrustedBankId: OTHER_BANK,
  guarantee: { kind: 'SURETY', institutionId: GUARANTOR },
  amountFen: '30000000',
  months: 180,
})

async function amend(caseId: string, form: Form, by?: Browser): Promise<Answer> {
  const { stageVersion } = (await cast.see('INTAKE', caseId)).case
  const headers = { 'Idempotency-Key': `"${crypto.randomUUID()}"`, 'If-Match': `"v${stageVersion}"` }
  return (by ?? (await cast.person('INTAKE'))).send('PUT', `/api/loans/${caseId}/application`, form, headers)
}

/** Back at the counter, to be corrected. */
async function returned(story: string): Promise<string> {
  const caseId = await cast.accepted(story)
  await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'return', opinion: '请核对申请内容' })
  return caseId
}

async function sees(post: string, orgName: string, caseId: string): Promise<boolean> {
  const { status } = await (await house.as(post, orgName)).send('GET', `/api/cases/${caseId}`)
  return status === 200
}

/** Everything of a case that follows from its form. */
async function filed(caseId: string) {
  const [file, loan, parties, grants, locks] = await Promise.all([
    house.owner.selectFrom('case_file').select(['applicant_masked', 'amount_fen']).where('case_id', '=', caseId).executeTakeFirstOrThrow(),
    house.owner
      .selectFrom('loan')
      .select(['application_version', 'bank_org_id', 'guarantor_org_id'])
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow(),
    house.owner.selectFrom('case_party').select(['role', 'id_last4']).where('case_id', '=', caseId).orderBy('party_no').execute(),
    house.owner
      .selectFrom('case_grant')
      .select(['org_id', 'role'])
      .where('case_id', '=', caseId)
      .where('ended_on', 'is', null)
      .orderBy('org_id')
      .execute(),
    house.owner.selectFrom('case_lock').select(['lock_key', 'what']).where('case_id', '=', caseId).orderBy('lock_key').execute(),
  ])
  return { file, loan, parties, grants, locks }
}

describe('a form that is corrected after it was sent back', () => {
  let caseId: string

  test('is a new version at the desk: nothing of the case moves before it is handed in again', async () => {
    caseId = await returned('approved-single')
    const before = await filed(caseId)
    expect(await amend(caseId, corrected('approved-many-children'))).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await filed(caseId)).toEqual(before)
    expect([await sees('BANK_CHECKER', '禾丰银行', caseId), await sees('BANK_CHECKER', '同泽银行', caseId)]).toEqual([true, false])
  }, 60_000)

  test('becomes the case’s own when it is handed in: amount, name, people, bank and guarantor', async () => {
    await cast.decides('INTAKE', caseId, { action: 'resubmit', opinion: '已更正' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')
    const { application, family } = demoApplicant('approved-many-children')
    const [row] = (await (await cast.person('PRELIMINARY_REVIEWER')).get<{ rows: Form[] }>('/api/tasks/todo')).rows.filter(
      (one) => one['id'] === caseId,
    )
    expect(row).toMatchObject({ applicant: maskName(application.borrower.name), amountFen: '30000000' })
    const now = await filed(caseId)
    expect(now.loan).toEqual({ application_version: 2, bank_org_id: OTHER_BANK, guarantor_org_id: GUARANTOR })
    expect(now.grants).toEqual([
      { org_id: OTHER_BANK, role: 'BANK' },
      { org_id: GUARANTOR, role: 'GUARANTOR' },
    ])
    expect(now.parties.map(({ role }) => role)).toEqual(['BORROWER', 'SPOUSE', ...family.children.map(() => 'CHILD')])
    expect(now.parties[0]?.id_last4).toBe(application.borrower.idNumber.slice(-4))
    const [verdict] = (await cast.see('PRELIMINARY_REVIEWER', caseId)).verdicts
    expect(verdict).toMatchObject({ amountFen: '30000000', months: 180 })
  }, 60_000)

  test('takes the case from the bank that had it, and shows it to the one that has it', async () => {
    expect([await sees('BANK_CHECKER', '禾丰银行', caseId), await sees('BANK_CHECKER', '同泽银行', caseId)]).toEqual([false, true])
    expect(await sees('GUARANTOR_CHECKER', '安筑住房置业担保有限公司', caseId)).toBe(true)
  })

  test('gives back the household and the home it no longer names, and claims those it names', async () => {
    expect(await cast.trySubmit('approved-many-children')).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE' } })
    expect(await cast.trySubmit('approved-single')).toMatchObject({ status: 201 })
  })

  test('stands in the chain of its case', async () => {
    const rows = await house.owner
      .selectFrom('audit_row')
      .select(['act', 'body'])
      .where('stream', '=', `case/${caseId}`)
      .orderBy('seq')
      .execute()
    const refiled = rows.filter(({ act }) => act === 'refile/loan')
    expect(refiled).toHaveLength(1)
    expect(JSON.stringify(refiled[0]?.body)).toContain(OTHER_BANK)
    expect(await (await cast.person('APPROVER')).get(`/api/cases/${caseId}/audit`)).toMatchObject({ intact: true })
  })

  test('that nobody has corrected changes nothing when it is handed in', async () => {
    const before = await filed(caseId)
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'return', opinion: '再核对一次' })
    await cast.decides('INTAKE', caseId, { action: 'resubmit', opinion: '已核对' })
    expect(await filed(caseId)).toEqual(before)
  }, 60_000)
})

/** A clerk of the same counter who has had nothing to do with the case. */
async function colleague(): Promise<{ clerk: Browser; staffId: string }> {
  const numbers = house.logins.people.filter(({ posts, orgName }) => posts.includes('INTAKE') && orgName === cast.branch)
  const other = numbers.find(({ staffNumber }) => staffNumber !== cast.numberOf('INTAKE'))?.staffNumber ?? ''
  const { staff_id } = await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', other).executeTakeFirstOrThrow()
  return { clerk: await house.signIn(other), staffId: staff_id }
}
const idHashOf = (story: string): Buffer => house.vault.hash(demoApplicant(story).application.borrower.idNumber)

describe('who corrects a form', () => {
  test('belongs to the desk of the case from then on, and reviews nothing of it', async () => {
    const caseId = await returned('approved-capacity-limits')
    const { clerk, staffId } = await colleague()
    expect(await amend(caseId, formOf('approved-capacity-limits'), clerk)).toMatchObject({ status: 200 })
    const groups = house.owner.selectFrom('case_actor').select('step_group').where('case_id', '=', caseId).where('staff_id', '=', staffId)
    expect(await groups.execute()).toEqual([{ step_group: 'DESK' }])
    await cast.decides('INTAKE', caseId, { action: 'withdraw-application', opinion: '申请人来电撤回' })
  }, 60_000)

  test('is whoever acts at the counter: nobody else, and nobody while a colleague has the case', async () => {
    const caseId = await returned('approved-capacity-limits')
    const form = formOf('approved-capacity-limits')
    const reviewer = await cast.person('PRELIMINARY_REVIEWER')
    expect(await amend(caseId, form, reviewer)).toMatchObject({ status: 403 })
    const { clerk } = await colleague()
    await (await cast.person('INTAKE')).command('POST', `/api/cases/${caseId}/claim`, {})
    expect(await amend(caseId, form, clerk)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect((await clerk.get<CaseView>(`/api/cases/${caseId}`)).canAmend).toMatchObject({
      allowed: false,
      obstacles: [{ code: 'CONFLICT' }],
    })
    expect((await cast.see('INTAKE', caseId)).canAmend).toMatchObject({ allowed: true })
    await cast.decides('INTAKE', caseId, { action: 'withdraw-application', opinion: '申请人来电撤回' })
    expect((await cast.see('INTAKE', caseId)).canAmend).toBeNull()
  }, 60_000)

  test('is no relative of whom it names: not at the counter, not in a correction, nor when it is handed in', async () => {
    const { clerk, staffId } = await colleague()
    const declared = { staff_id: staffId, id_hash: idHashOf('approved-price-limits'), relation: 'SIBLING' as const }
    await house.owner.insertInto('staff_relative').values(declared).execute()
    const recused = { status: 409, body: { code: 'RECUSAL', detail: '您与本案当事人存在利害关系（兄弟姐妹），应当回避' } }
    expect(await clerk.command('POST', '/api/loans', formOf('approved-price-limits'))).toMatchObject(recused)

    const caseId = await returned('approved-capacity-limits')
    expect(await amend(caseId, formOf('approved-price-limits'), clerk)).toMatchObject(recused)
    expect(await amend(caseId, formOf('approved-price-limits'))).toMatchObject({ status: 200 })
    expect(await clerk.decide(caseId, { action: 'resubmit', opinion: '已更正' })).toMatchObject(recused)
    await cast.decides('INTAKE', caseId, { action: 'resubmit', opinion: '已更正' })
    await cast.reaches('INTAKE', caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')
    expect(await clerk.get(`/api/loans/${caseId}/application`)).toMatchObject({ clear: false })
    await house.owner.deleteFrom('staff_relative').where('staff_id', '=', staffId).execute()
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'return', opinion: '请核对申请内容' })
    await cast.decides('INTAKE', caseId, { action: 'withdraw-application', opinion: '申请人来电撤回' })
  }, 60_000)

  test('takes from whoever returned it the way to take that back, until it is handed in', async () => {
    const caseId = await returned('approved-capacity-limits')
    const reviewer = await cast.person('PRELIMINARY_REVIEWER')
    expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).canRecall).toMatchObject({ allowed: true })
    expect(await amend(caseId, { ...formOf('approved-capacity-limits'), amountFen: '10000000' })).toMatchObject({ status: 200 })
    const words = '申请内容已经更正、尚未重新提交，不能撤回'
    expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).canRecall).toMatchObject({ allowed: false, obstacles: [{ text: words }] })
    expect(await reviewer.decide(caseId, { action: 'recall', opinion: '误退' })).toMatchObject({ status: 409, body: { detail: words } })
    await cast.decides('INTAKE', caseId, { action: 'withdraw-application', opinion: '申请人来电撤回' })
  }, 60_000)

  test('names a bank and a guarantor of this centre, or is told which of them is not', async () => {
    const strange = {
      ...corrected('approved-capacity-limits'),
      entrustedBankId: 'bank-weize',
      guarantee: { kind: 'SURETY', institutionId: 'guarantor-zeyu' },
    }
    const errors = [
      { pointer: '#/entrustedBankId', detail: '不是本中心的受委托银行' },
      { pointer: '#/guarantee/institutionId', detail: '不是与本中心合作的担保机构' },
    ]
    const refused = await (await cast.person('INTAKE')).command('POST', '/api/loans', strange)
    expect(refused).toMatchObject({ status: 422, body: { code: 'INVALID_INPUT', errors } })
  })
})

describe('a correction that claims what is before another counter', () => {
  const words = '同一家庭或同一住房已有在办的贷款申请'

  test('is refused at the desk with the reason, and nothing of it is written', async () => {
    const [caseId, other] = [await returned('approved-price-differs'), await cast.submit('approved-second-home')]
    const [before, versions] = [
      await filed(caseId),
      () => house.owner.selectFrom('loan_application').select('version').where('case_id', '=', caseId).execute(),
    ]
    const otherHome = { ...formOf('approved-price-differs'), home: formOf('approved-second-home')['home'] }
    expect(await amend(caseId, otherHome)).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: words } })
    expect([await filed(caseId), await versions()]).toEqual([before, [{ version: 1 }]])
    await cast.decides('INTAKE', other, { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '不属自住' })
    expect(await amend(caseId, otherHome)).toMatchObject({ status: 200 })
  }, 60_000)

  test('is refused when it is handed in, if the other counter was quicker; the case stays where it is', async () => {
    const caseId = await returned('approved-price-limits')
    expect(await amend(caseId, corrected('approved-capacity-limits'))).toMatchObject({ status: 200 })
    await cast.submit('approved-capacity-limits')
    const before = await filed(caseId)
    const refused = await (await cast.person('INTAKE')).decide(caseId, { action: 'resubmit', opinion: '已更正' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: words } })
    expect(await filed(caseId)).toEqual(before)
    expect((await cast.see('INTAKE', caseId)).case.stage).toBe('RETURNED')
  }, 60_000)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)
