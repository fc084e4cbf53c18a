import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SandboxScript } from '#contracts/machine/sandbox.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => house.sandbox.clearScripts())

/** The registry's next word about a certificate. */
const registry = (behaviour: SandboxScript['behaviour'], count = 1): Promise<unknown> =>
  house.sandbox.script({ service: 'registry', operation: '/mortgages/certificate', count, behaviour } as SandboxScript)

/** What the case's file has of the registry's answer about the mortgage. */
async function answerOnFile(caseId: string) {
  return (await cast.see('REVIEWER', caseId)).sources.find(({ source }) => source === 'REGISTRY_MORTGAGE')
}

async function confirmOpen(caseId: string) {
  return (await cast.see('REVIEWER', caseId)).actions.find(({ action }) => action === 'confirm')
}

describe('a mortgage certificate that the collateral officer has entered', () => {
  let caseId: string

  test('is read back, and goes on when the registry has it as it was contracted', async () => {
    const passed = await cast.countersigned('approved-couple')
    expect(await cast.entersMortgage(passed)).toBe('SECURED')
    expect(await answerOnFile(passed)).toMatchObject({ outcome: 'MATCHED', label: '不动产登记·抵押登记证明' })
    // What was asked before is still on file beside it.
    expect((await cast.see('REVIEWER', passed)).sources.map(({ source }) => source)).toEqual(
      expect.arrayContaining(['CREDIT', 'REGISTRY_SEIZURE']),
    )
  }, 60_000)

  test('goes to a person when the registry does not know it, and nobody can wave that through', async () => {
    caseId = await cast.countersigned('approved-single')
    await registry({ kind: 'certificate', flaw: 'NOT_REGISTERED' })
    expect(await cast.entersMortgage(caseId)).toBe('MORTGAGE_DOUBTED')
    expect(await answerOnFile(caseId)).toMatchObject({ outcome: 'MISMATCHED', summary: expect.stringContaining('查无') })
    expect(await confirmOpen(caseId)).toMatchObject({ allowed: false, obstacles: [{ text: expect.stringContaining('与合同不符') }] })
    const refused = await (await cast.person('REVIEWER')).decide(caseId, { action: 'confirm', opinion: '已看过原件' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE' } })
  }, 60_000)

  test.each([
    ['OTHER_AMOUNT', '登记的担保金额'],
    ['OTHER_HOME', '不是所购住房'],
    ['OTHER_HOLDER', '抵押权人不是本中心'],
    ['CANCELLED', '已注销'],
  ] as const)(
    'entered again, it comes back when the registry has %s',
    async (flaw, words) => {
      await cast.decides('REVIEWER', caseId, { action: 'return', opinion: '请核对登记证明' })
      await registry({ kind: 'certificate', flaw })
      expect(await cast.entersMortgage(caseId)).toBe('MORTGAGE_DOUBTED')
      expect(await answerOnFile(caseId)).toMatchObject({ outcome: 'MISMATCHED', summary: expect.stringContaining(words) })
      expect(await confirmOpen(caseId)).toMatchObject({ allowed: false })
    },
    60_000,
  )

  test('is asked for again, and goes on once the registry has it', async () => {
    await cast.decides('REVIEWER', caseId, { action: 'check-again' })
    expect(await cast.reaches('REVIEWER', caseId, 'SECURED', 'MORTGAGE_DOUBTED')).toBe('SECURED')
  }, 60_000)

  test.each([
    ['is down', { kind: 'down' }, 'approved-second-home'],
    ['answers without a signature', { kind: 'garbage', garbage: 'unsigned' }, 'approved-price-differs'],
    ['answers another question', { kind: 'garbage', garbage: 'other-request' }, 'approved-price-limits'],
  ] as const)(
    'goes to a person when the registry %s',
    async (_how, behaviour, story) => {
      const silent = await cast.countersigned(story)
      await registry(behaviour)
      expect(await cast.entersMortgage(silent)).toBe('MORTGAGE_DOUBTED')
      expect(await answerOnFile(silent)).toMatchObject({ outcome: 'UNAVAILABLE' })
      // Who reviewed the case may look at the paper; who entered it may not.
      expect(await (await cast.person('COLLATERAL')).decide(silent, { action: 'confirm', opinion: '原件为真' })).toMatchObject({
        status: 403,
      })
      await cast.decides('REVIEWER', silent, { action: 'confirm', opinion: '已到登记大厅核对原件，属实' })
      expect((await cast.see('REVIEWER', silent)).case.stage).toBe('SECURED')
    },
    60_000,
  )
})

describe('before money moves the mortgage is asked for once more', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await cast.secured('approved-many-children')
    await registry({ kind: 'down' })
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
  }, 60_000)

  const confirmRelease = async () => (await cast.see('APPROVER', caseId)).actions.find(({ action }) => action === 'confirm-release')
  const reasons = async () =>
    (await cast.see('APPROVER', caseId)).verdicts.find(({ kind }) => kind === 'RELEASE_CHECK')?.reasons.map(({ code }) => code)

  test('a registry that does not answer holds the release until a person has looked', async () => {
    expect(await cast.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')).toBe('RELEASE_HELD')
    expect(await reasons()).toEqual(['SOURCE_UNAVAILABLE'])
    expect(await confirmRelease()).toMatchObject({ allowed: true })
  }, 30_000)

  test.each([
    ['NOT_REGISTERED', 'MORTGAGE_NOT_REGISTERED'],
    ['CANCELLED', 'MORTGAGE_CANCELLED'],
    ['OTHER_AMOUNT', 'MORTGAGE_AMOUNT_DIFFERS'],
  ] as const)(
    '%s stops it, and nobody can confirm that away',
    async (flaw, code) => {
      await registry({ kind: 'certificate', flaw })
      await cast.decides('APPROVER', caseId, { action: 'check-again' })
      await cast.reaches('APPROVER', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')
      expect((await cast.see('APPROVER', caseId)).case.stage).toBe('RELEASE_HELD')
      expect(await reasons()).toEqual([code])
      expect(await confirmRelease()).toMatchObject({ allowed: false })
    },
    30_000,
  )

  test('and the money goes on once it is there', async () => {
    await cast.decides('APPROVER', caseId, { action: 'check-again' })
    expect(await cast.reaches('APPROVER', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')).toBe('RELEASE_REQUESTED')
  }, 30_000)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)
