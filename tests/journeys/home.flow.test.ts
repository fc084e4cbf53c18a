import { describe, expect, test } from 'vitest'
import type { SandboxLoad } from '#contracts/machine/sandbox.ts'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant } from '#db/seed/people.ts'
import type { Answer } from '../setup/http-client.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()

type Form = Record<string, unknown> & { home: Record<string, unknown> }
const STORY = 'approved-couple'
const { application } = demoApplicant(STORY)
const form = (home: Record<string, unknown> = {}): Form => {
  const whole = JSON.parse(canonicalJson(application)) as Form
  return { ...whole, home: { ...whole.home, ...home } }
}

const preCheck = async (body: Form): Promise<Answer> => (await cast.person('INTAKE')).send('POST', '/api/loans/pre-check', body)
async function reasonsFor(body: Form): Promise<string[]> {
  const { status, body: found } = await preCheck(body)
  expect(status, JSON.stringify(found)).toBe(200)
  const { reasons, notes } = found as { reasons: { code: string }[]; notes: { code: string }[] }
  // The counter has not shown an authorisation, so the bureau is not asked: another test's matter.
  return [...reasons, ...notes].map(({ code }) => code).filter((code) => code !== 'CREDIT_ASKED_LATER')
}

type Filing = NonNullable<SandboxLoad['filings']>[number]
const filing: Filing = {
  filingNo: application.home.filingNumber,
  homeNo: application.home.homeNumber,
  priceFen: String(application.home.contractPriceFen),
  filedOn: '2025-09-01',
  buyers: [application.borrower.idNumber, application.spouse?.idNumber ?? ''],
  state: 'VALID',
  place: '410700',
  project: 'NORMAL',
}
const filed = (differently: Partial<Filing>): Promise<void> => house.sandbox.load({ filings: [{ ...filing, ...differently }] })
const STRANGER = demoApplicant('approved-single').application.borrower.idNumber

describe('homes are counted for the couple and its minor children, those the register has as well as those on the form', () => {
  const childsHome = (homeNo: string) => ({
    homeNo,
    place: '410700',
    owners: [application.children[0]?.idNumber ?? ''],
    use: 'RESIDENTIAL' as const,
    address: '新乡市示范路1号',
    areaSquareMetres: '60.00',
    registeredOn: '2020-01-01',
    disposedOn: null,
  })

  test('a child that the form leaves out has its homes all the same', async () => {
    expect(await reasonsFor({ ...form(), children: [] })).not.toContain('HOME_THIRD')
    await house.sandbox.load({ homes: [childsHome('419899-GB000000-F0801'), childsHome('419899-GB000000-F0802')] })
    expect(await reasonsFor({ ...form(), children: [] })).toContain('HOME_THIRD')
    expect(await reasonsFor(form())).toContain('HOME_THIRD')
    const sold = { disposedOn: '2024-01-01' }
    await house.sandbox.load({
      homes: [
        { ...childsHome('419899-GB000000-F0801'), ...sold },
        { ...childsHome('419899-GB000000-F0802'), ...sold },
      ],
    })
  }, 60_000)

  test('a child that has come of age is none of them, and the form says so', async () => {
    const { status, body } = await preCheck({ ...form(), children: [{ name: '林小满', idNumber: STRANGER }] })
    expect(status).toBe(422)
    expect(body).toMatchObject({ errors: [{ pointer: '#/children/0/idNumber', detail: '已满18周岁，不是未成年子女' }] })
  })
})

describe('the filed contract and the form speak of the same home, bought by those who borrow', () => {
  test.each<[string, Partial<Filing>, string[]]>([
    ['as it is', {}, []],
    ['of another home', { homeNo: '419899-GB000000-F0009' }, ['FILING_OTHER_HOME']],
    ['with a stranger among the buyers', { buyers: [application.borrower.idNumber, STRANGER] }, ['FILING_OTHER_BUYER']],
    ['by a child with a parent', { buyers: [application.borrower.idNumber, application.children[0]?.idNumber ?? ''] }, []],
    ['by a child alone', { buyers: [application.children[0]?.idNumber ?? ''] }, ['FILING_OTHER_BUYER']],
    ['in another city', { place: '410100' }, ['HOME_OUTSIDE_AREA']],
    ['in a project that stands still', { project: 'SUSPENDED' }, ['PROJECT_SUSPENDED']],
  ])(
    '%s',
    async (_what, differently, codes) => {
      await filed(differently)
      expect(await reasonsFor(form())).toEqual(codes)
    },
    60_000,
  )

  test('a co-borrower may buy along with the family, and nobody else', async () => {
    const friend = { ...application.borrower, name: '周景行', idNumber: STRANGER }
    await filed({ buyers: [application.borrower.idNumber, STRANGER] })
    const body = { ...form(), coBorrowers: [JSON.parse(canonicalJson(friend)) as unknown] }
    expect(await reasonsFor(body)).not.toContain('FILING_OTHER_BUYER')
    await filed({ buyers: [STRANGER] })
    expect(await reasonsFor(body)).toContain('FILING_OTHER_BUYER')
  }, 60_000)

  test('another’s mortgage on it is noted before anything is granted', async () => {
    await filed({})
    const { homeNumber: homeNo, address, areaSquareMetres } = application.home
    const record = {
      homeNo,
      place: '410700',
      owners: [STRANGER],
      use: 'RESIDENTIAL' as const,
      address,
      areaSquareMetres,
      registeredOn: '2020-01-01',
      disposedOn: null,
    }
    const mortgage = { mortgagee: '江南商业银行（虚构）', amountFen: '30000000', registeredOn: '2024-02-01', kind: 'MORTGAGE' } as const
    await house.sandbox.load({ homes: [{ ...record, mortgages: [mortgage] }] })
    expect(await reasonsFor(form())).toEqual(['HOME_MORTGAGED'])
    await house.sandbox.load({ homes: [{ ...record, mortgages: [] }] })
    expect(await reasonsFor(form())).toEqual([])
  }, 60_000)
})

describe('what a form cannot say', () => {
  const refused = async (body: Form) => {
    const answers = [await preCheck(body), await (await cast.person('INTAKE')).command('POST', '/api/loans', body)]
    return answers.map(({ status, body: problem }) => [
      status,
      (problem as { errors?: { pointer: string }[] }).errors?.map(({ pointer }) => pointer),
    ])
  }

  test('a resale home that is yet to be built is refused before it is asked about, and so is a home that lies nowhere', async () => {
    const resale = { kind: 'RESALE', builtYear: 2090, receivingAccount: { ...(form().home['receivingAccount'] as object), kind: 'ESCROW' } }
    expect(await refused(form(resale))).toEqual([
      [422, ['#/home/builtYear']],
      [422, ['#/home/builtYear']],
    ])
    expect(await refused(form({ place: null }))).toEqual([
      [422, ['#/home/place']],
      [422, ['#/home/place']],
    ])
  }, 60_000)

  test('a home elsewhere is taken in, and refused by the rules', async () => {
    await filed({})
    expect(await reasonsFor(form({ place: 'OTHER' }))).toEqual(['HOME_OUTSIDE_AREA'])
  }, 60_000)
})
