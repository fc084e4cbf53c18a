import { beforeAll, expect, test } from 'vitest'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
let caseId: string
beforeAll(async () => {
  caseId = await cast.approved('approved-single')
}, 60_000)

const sign = (caseId: string, contractRatePercent?: string) => ({
  action: 'sign',
  fields: { contractNumber: `JK-${caseId.slice(0, 8)}`, signedOn: '2025-11-03', ...(contractRatePercent ? { contractRatePercent } : {}) },
})
const printedRate = async (caseId: string): Promise<string | null> =>
  (await (await cast.person('CONTRACTING')).get<{ contractRatePercent: string | null }>(`/api/loans/${caseId}/terms`)).contractRatePercent

test.each(['2.85', '二点六', '2.6%', '-2.60'])('a contract that prints %s where 2.60 was granted is not registered', async (printed) => {
  expect(await (await cast.person('CONTRACTING')).decide(caseId, sign(caseId, printed))).toMatchObject({
    status: 409,
    body: { code: 'RULES_REFUSE', detail: expect.stringContaining('合同写明的年利率须为批准的2.60%') as string },
  })
})

test('one that prints what was granted is, and the file says so', async () => {
  await cast.decides('CONTRACTING', caseId, sign(caseId, '2.60'))
  expect(await printedRate(caseId)).toBe('2.6000')
})

test('where another rate holds at release, the money waits for a new approval and a new signature', async () => {
  const early = await cast.secured('approved-couple')
  // As one that was signed before the cut of May 2025.
  await house.owner.updateTable('loan').set({ contract_rate: '2.85' }).where('case_id', '=', early).execute()
  await cast.decides('DISBURSEMENT', early, { action: 'request-release' })
  expect(await cast.reaches('APPROVER', early, 'RELEASE_HELD', 'RELEASE_REQUESTED')).toBe('RELEASE_HELD')
  expect((await cast.see('APPROVER', early)).case.previousOpinion).toContain('合同写明年利率2.85%，放款日执行2.60%，须与借款人重新签订')
  await cast.decides('APPROVER', early, { action: 'reapprove', opinion: '利率已调整，重新审批并重签合同' })
  await cast.reaches('APPROVER', early, 'APPROVAL')
  const terms = await cast.granted(early)
  await cast.decides('APPROVER', early, { action: 'approve', terms, opinion: '同意' })
  await cast.signs(early)
  expect(await printedRate(early)).toBeNull()
})

test('and the house is in order', () => expectOrder(house))
