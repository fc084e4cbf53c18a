import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SandboxLoad, SandboxScript } from '#contracts/machine/sandbox.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { expectOrder } from '../setup/order.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()
afterEach(() => house.sandbox.clearScripts())

const answerOn = async (caseId: string, source: string) => (await cast.see('REVIEWER', caseId)).sources.find((one) => one.source === source)
const confirmOf = async (caseId: string) => (await cast.see('REVIEWER', caseId)).actions.find(({ action }) => action === 'confirm')
const lastWords = async (caseId: string) =>
  (await cast.see('COLLATERAL', caseId)).timeline.findLast(({ kind }) => kind === 'MACHINE')?.opinion ?? ''
const scripted = (service: 'registry' | 'guarantor', operation: string, behaviour: object): Promise<unknown> =>
  house.sandbox.script({ service, operation, behaviour } as SandboxScript)

/** What stands on the story's home from now on, by the registry's books. */
function burden(story: string, what: Partial<NonNullable<SandboxLoad['homes']>[number]>): Promise<void> {
  const { home } = demoApplicant(story).application
  const record = {
    place: '410700',
    owners: ['110101199003070011'],
    use: 'RESIDENTIAL' as const,
    registeredOn: '2020-05-20',
    disposedOn: null,
  }
  const about = { homeNo: home.homeNumber, address: home.address, areaSquareMetres: home.areaSquareMetres }
  return house.sandbox.load({ homes: [{ ...record, ...about, ...what }] })
}

describe('a certificate’s number typed from paper', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await cast.countersigned('approved-single')
  }, 60_000)

  test('that the registry never gave secures nothing, and nobody can wave it through', async () => {
    await cast.entersCertificate(caseId, 'zzz')
    expect(await cast.reaches('COLLATERAL', caseId, 'SECURED', 'MORTGAGE_DOUBTED')).toBe('MORTGAGE_DOUBTED')
    expect(await answerOn(caseId, 'REGISTRY_MORTGAGE')).toMatchObject({ outcome: 'MISMATCHED', summary: expect.stringContaining('查无') })
    expect(await confirmOf(caseId)).toMatchObject({ allowed: false })
  }, 60_000)

  test('that belongs to another family’s home does not either', async () => {
    const other = await cast.countersigned('approved-second-home')
    await cast.registersAtCounter(other, '豫2025新乡不动产证明第0002号')
    await cast.decides('REVIEWER', caseId, { action: 'return', opinion: '请核对登记证明号' })
    await cast.entersCertificate(caseId, '豫2025新乡不动产证明第0002号')
    await cast.reaches('COLLATERAL', caseId, 'MORTGAGE_DOUBTED')
    expect(await answerOn(caseId, 'REGISTRY_MORTGAGE')).toMatchObject({ summary: expect.stringContaining('不是所购住房') })
  }, 60_000)

  test('of a day that is still to come, or before the contract was signed, is not registered at all', async () => {
    await cast.decides('REVIEWER', caseId, { action: 'return', opinion: '请核对登记证明号' })
    for (const [mortgageOn, words] of [
      ['2025-11-04', '尚未到来'],
      ['2025-11-02', '早于合同签订之日'],
    ]) {
      const answer = await (
        await cast.person('COLLATERAL')
      ).decide(caseId, { action: 'secure', fields: { mortgageNumber: 'X', mortgageOn } })
      expect(answer, mortgageOn).toMatchObject({
        status: 409,
        body: { code: 'RULES_REFUSE', detail: expect.stringContaining(words ?? '') },
      })
    }
  }, 60_000)

  test('that the registry has given is good', async () => {
    expect(await cast.entersMortgage(caseId, '豫2025新乡不动产证明第0001号')).toBe('SECURED')
  }, 60_000)
})

describe('a mortgage applied for over the interface', () => {
  let caseId: string
  beforeAll(async () => {
    caseId = await cast.countersigned('approved-price-differs')
  }, 60_000)

  const applies = async () => {
    await cast.decides('COLLATERAL', caseId, { action: 'register' })
    return cast.reaches('COLLATERAL', caseId, 'SECURED', 'SECURITY_PENDING', 'MORTGAGE_DOUBTED')
  }

  test('comes back when the registry returns it, with its reason', async () => {
    await scripted('registry', '/mortgages/submit', { kind: 'returned' })
    expect(await applies()).toBe('SECURITY_PENDING')
    expect(await lastWords(caseId)).toBe('登记机构退件：登记材料不全')
  }, 60_000)

  test('waits while the registry has only received it, and is asked for under the same number', async () => {
    await scripted('registry', '/mortgages/submit', { kind: 'late', queries: 1 })
    expect(await applies()).toBe('SECURITY_PENDING')
    expect(await lastWords(caseId)).toMatch(/^登记机构已收件（DJ-[0-9A-F]{8}-\d+），尚未登记/)
  }, 60_000)

  test('is secured once it is registered: its certificate is read back like one on paper', async () => {
    expect(await applies()).toBe('SECURED')
    const loan = await house.owner.selectFrom('loan').selectAll().where('case_id', '=', caseId).executeTakeFirstOrThrow()
    expect(loan).toMatchObject({ mortgage_number: expect.stringMatching(/^M-DJ-/), mortgage_on: '2025-11-03', mortgage_filed_as: null })
    expect(await answerOn(caseId, 'REGISTRY_MORTGAGE')).toMatchObject({ outcome: 'MATCHED' })
    // The returned one and the one that was registered; a second number for the same application would have left a third.
    const { rows } = await sql<{ no: string }>`select application_no as no from sandbox.mortgage`.execute(house.owner)
    expect(rows.filter(({ no }) => no.startsWith(`DJ-${caseId.slice(0, 8).toUpperCase()}`))).toHaveLength(2)
  }, 60_000)
})

describe('a guarantee company that stands for the loan', () => {
  test('has given its word before the loan is secured', async () => {
    const caseId = await cast.countersigned('approved-couple')
    expect(await cast.entersMortgage(caseId)).toBe('SECURED')
    expect(await answerOn(caseId, 'GUARANTEE')).toMatchObject({ outcome: 'MATCHED', label: '担保公司·保证承诺' })
  }, 60_000)

  test('that declines stops the loan, and nobody can wave that through', async () => {
    const caseId = await cast.countersigned('approved-price-limits')
    await scripted('guarantor', '/commitments', { kind: 'returned' })
    expect(await cast.entersMortgage(caseId)).toBe('MORTGAGE_DOUBTED')
    expect(await answerOn(caseId, 'GUARANTEE')).toMatchObject({ outcome: 'MISMATCHED', summary: expect.stringContaining('未出具保证承诺') })
    expect(await confirmOf(caseId)).toMatchObject({ allowed: false })
  }, 60_000)

  test('that does not answer is a person’s to ask; before the money it is asked again', async () => {
    const caseId = await cast.countersigned('approved-many-children')
    await scripted('guarantor', '/commitments', { kind: 'down' })
    expect(await cast.entersMortgage(caseId)).toBe('MORTGAGE_DOUBTED')
    expect(await answerOn(caseId, 'GUARANTEE')).toMatchObject({ outcome: 'UNAVAILABLE' })
    await cast.decides('REVIEWER', caseId, { action: 'confirm', opinion: '已致电担保公司核实，承诺函原件在卷' })
    await scripted('guarantor', '/commitments', { kind: 'returned' })
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    expect(await cast.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')).toBe('RELEASE_HELD')
    const check = (await cast.see('APPROVER', caseId)).verdicts.find(({ kind }) => kind === 'RELEASE_CHECK')
    expect(check?.reasons.map(({ code }) => code)).toEqual(['GUARANTEE_DOUBTED'])
  }, 60_000)
})

describe('what else stands on the home', () => {
  test('a seizure after the approval stops the mortgage', async () => {
    const caseId = await cast.countersigned('approved-capacity-limits')
    await burden('approved-capacity-limits', {
      seizures: [{ court: '望禾区人民法院', orderNo: '（2025）望执保90号', rank: 1, seizedOn: '2025-11-03', endsOn: '2028-11-02' }],
    })
    expect(await cast.entersMortgage(caseId, '豫2025新乡不动产证明第0003号')).toBe('MORTGAGE_DOUBTED')
    expect(await answerOn(caseId, 'REGISTRY_SEIZURE')).toMatchObject({ outcome: 'MISMATCHED', summary: expect.stringContaining('查封') })
    expect(await confirmOf(caseId)).toMatchObject({ allowed: false })
  }, 60_000)

  test('another’s mortgage that appears before the money holds it until it is cancelled', async () => {
    const secured = house.owner.selectFrom('loan').select('case_id').where('mortgage_number', '=', '豫2025新乡不动产证明第0001号')
    const { case_id: caseId } = await secured.executeTakeFirstOrThrow()
    await burden('approved-single', {
      mortgages: [{ mortgagee: '江南商业银行（虚构）', amountFen: '30000000', registeredOn: '2024-02-01', kind: 'MORTGAGE' }],
    })
    await cast.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    expect(await cast.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')).toBe('RELEASE_HELD')
    const check = (await cast.see('APPROVER', caseId)).verdicts.find(({ kind }) => kind === 'RELEASE_CHECK')
    expect(check?.reasons.map(({ code }) => code)).toEqual(['HOME_STILL_MORTGAGED'])
    await burden('approved-single', { mortgages: [] })
    await cast.decides('APPROVER', caseId, { action: 'check-again' })
    expect(await cast.reaches('APPROVER', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')).toBe('RELEASE_REQUESTED')
  }, 60_000)
})

test('and leaves the house in order', () => expectOrder(house), 60_000)
