import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SandboxScript } from '#contracts/machine/sandbox.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => house.sandbox.clearScripts())

const actionOf = async (post: string, caseId: string, name: string) =>
  (await cast.see(post, caseId)).actions.find(({ action }) => action === name)
const refusedFor = (detail: string, code = 'RULES_REFUSE') => ({
  status: 409,
  body: { code, detail: expect.stringContaining(detail) as string },
})

const sign = (caseId: string, signedOn = '2025-11-03') => ({
  action: 'sign',
  fields: { contractNumber: `JK-${caseId.slice(0, 8)}`, signedOn },
})

describe('when the contract is signed the entrusted bank looks at card and accounts', () => {
  let caseId: string
  const { home } = demoApplicant('approved-single').application
  const receiving = (state: 'ACTIVE' | 'FROZEN'): Promise<void> => {
    const { accountNumber: accountNo, ownerName, bankName } = home.receivingAccount
    return house.sandbox.load({ accounts: [{ accountNo, ownerName, bankName, state, debitAgreement: true }] })
  }
  const answer = async () => (await cast.see('REVIEWER', caseId)).sources.find(({ source }) => source === 'BANK_SIGNING')

  beforeAll(async () => {
    caseId = await cast.approved('approved-single')
  }, 60_000)

  test.each([
    ['a day that is still to come', '2025-11-04', '签订日期2025-11-04尚未到来'],
    ['a day before the approval', '2025-11-02', '签订日期2025-11-02早于准予之日（2025-11-03）'],
  ])('%s is no day of signing', async (_what, signedOn, words) => {
    expect(await (await cast.person('CONTRACTING')).decide(caseId, sign(caseId, signedOn))).toMatchObject(refusedFor(words))
  })

  test('a receiving account that is frozen is seen, and the contract cannot be confirmed', async () => {
    await receiving('FROZEN')
    await cast.decides('CONTRACTING', caseId, sign(caseId))
    await cast.reaches('CONTRACTING', caseId, 'SIGNED')
    expect(await answer()).toMatchObject({ outcome: 'MISMATCHED', label: '受委托银行·签约核验', summary: '收款账户：被冻结' })
    // The bank sees its own word where every officer sees the last one.
    expect((await cast.see('BANK_CHECKER', caseId)).case.previousOpinion).toContain('收款账户：被冻结')
    expect(await actionOf('BANK_CHECKER', caseId, 'confirm')).toMatchObject({
      allowed: false,
      obstacles: [{ text: expect.stringContaining('收款账户：被冻结') }],
    })
    const confirm = { action: 'confirm', opinion: '核验无误' }
    expect(await (await house.signIn(cast.numberOf('BANK_CHECKER'))).decide(caseId, confirm)).toMatchObject(refusedFor('收款账户：被冻结'))
  }, 60_000)

  test('objected to, the approval’s time runs on: its end is announced as before', async () => {
    await cast.decides('BANK_CHECKER', caseId, { action: 'object', opinion: '监管账户被冻结，暂不能放款' })
    const deadline = house.owner
      .selectFrom('deadline')
      .select(['state', 'due_on'])
      .where('case_id', '=', caseId)
      .where('code', '=', 'APPROVAL_EXPIRED')
    expect(await deadline.where('state', '=', 'ARMED').execute()).toEqual([{ state: 'ARMED', due_on: '2026-02-02' }])
  }, 60_000)

  test('a bank that does not answer leaves it to the officer at the bank', async () => {
    await receiving('ACTIVE')
    const down = { service: 'bank', operation: '/signing-checks', behaviour: { kind: 'down' } }
    await house.sandbox.script(down as SandboxScript)
    await cast.decides('CONTRACTING', caseId, sign(caseId))
    await cast.reaches('CONTRACTING', caseId, 'SIGNED')
    expect(await answer()).toMatchObject({ outcome: 'UNAVAILABLE' })
    expect(await actionOf('BANK_CHECKER', caseId, 'confirm')).toMatchObject({ allowed: true })
    await cast.decides('BANK_CHECKER', caseId, { action: 'check-again' })
    await cast.reaches('CONTRACTING', caseId, 'SIGNED')
    expect(await answer()).toMatchObject({ outcome: 'MATCHED' })
  }, 60_000)

  test('the bank that knows of a death asks for the end; refused, it comes back to where it was', async () => {
    await cast.decides('BANK_CHECKER', caseId, { action: 'propose-void', opinion: '借款人已死亡，家属来行告知' })
    const back = await actionOf('APPROVER', caseId, 'return')
    expect(back).toMatchObject({ allowed: true, to: [{ stage: 'SIGNED' }] })
    const elsewhere = await (await cast.person('APPROVER')).decide(caseId, { action: 'return', to: 'SECURED', opinion: '请继续' })
    expect(elsewhere).toMatchObject(refusedFor('只能退回提请作废的环节'))
    await cast.decides('APPROVER', caseId, { action: 'return', to: 'SIGNED', opinion: '经核实系同名他人' })
    expect(await cast.reaches('APPROVER', caseId, 'SIGNED')).toBe('SIGNED')
  }, 60_000)
})

describe('a granted loan is ended by the level that granted it', () => {
  test('within the limit of the approver: asked for by one, ended by another', async () => {
    const caseId = await cast.countersigned('approved-second-home')
    await cast.decides('COLLATERAL', caseId, { action: 'propose-void', opinion: '借款人死亡，有死亡证明' })
    expect(await (await cast.person('COLLATERAL')).decide(caseId, { action: 'void', opinion: '作废' })).toMatchObject({ status: 403 })
    await cast.decides('APPROVER', caseId, { action: 'void', opinion: '情况属实，同意作废' })
    const { case: row } = await cast.see('APPROVER', caseId)
    expect([row.stage, row.open]).toEqual(['VOID', false])
  }, 60_000)

  test('above it: the approver cannot, the deputy director can', async () => {
    const caseId = await cast.secured('approved-many-children')
    await cast.decides('DISBURSEMENT', caseId, { action: 'queue', opinion: '本月资金计划已满' })
    await cast.decides('TREASURY', caseId, { action: 'propose-void', opinion: '借款人书面放弃贷款' })
    const refused = await (await cast.person('APPROVER')).decide(caseId, { action: 'void', opinion: '同意' })
    expect(refused.body).toMatchObject({ code: 'OVER_LIMIT', detail: expect.stringContaining('由分管领导准予') })
    await cast.decides('APPROVER', caseId, { action: 'submit-higher' })
    await cast.decides('DEPUTY_DIRECTOR', caseId, { action: 'void', opinion: '同意作废' })
    expect((await cast.see('DEPUTY_DIRECTOR', caseId)).case.stage).toBe('VOID')
  }, 60_000)

  test('whoever asked for it while the release was held does not end it', async () => {
    const caseId = await cast.secured('approved-capacity-limits')
    const { borrower } = demoApplicant('approved-capacity-limits').application
    await house.sandbox.load({
      persons: [{ idNumber: borrower.idNumber, name: borrower.name, death: { state: 'DECEASED', diedOn: '2025-11-03' } }],
    })
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    expect(await cast.reaches('APPROVER', caseId, 'RELEASE_HELD', 'RELEASE_REQUESTED')).toBe('RELEASE_HELD')
    const approvers = house.logins.people.filter(({ posts, orgName }) => posts.includes('APPROVER') && orgName.startsWith('新乡'))
    const [first, second] = await Promise.all(approvers.map(({ staffNumber }) => house.signIn(staffNumber)))
    if (!first) throw new Error('the centre has an approver')
    expect((await first.decide(caseId, { action: 'propose-void', opinion: '借款人已死亡' })).status).toBe(200)
    expect(await first.decide(caseId, { action: 'void', opinion: '作废' })).toMatchObject({
      body: { code: 'FOUR_EYES', detail: expect.stringContaining('须由他人核准') },
    })
    if (second) expect((await second.decide(caseId, { action: 'void', opinion: '死亡证明在卷，同意' })).status).toBe(200)
    else {
      expect((await first.decide(caseId, { action: 'submit-higher' })).status).toBe(200)
      await cast.decides('DEPUTY_DIRECTOR', caseId, { action: 'void', opinion: '死亡证明在卷，同意' })
    }
    expect((await cast.see('INTAKE', caseId)).case.stage).toBe('VOID')
  }, 60_000)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)
