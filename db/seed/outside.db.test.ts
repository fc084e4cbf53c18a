import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatherFacts } from '#activities/loan/gather.ts'
import { createPorts } from '#activities/ports/ports.ts'
import { readPrivateKey, readPublicKeys } from '#activities/ports/keys.ts'
import { homeKeyOf } from '#activities/loan/locks.ts'
import { plainDate, type PlainDate } from '#contracts/dates.ts'
import type { LoanFacts } from '#contracts/loan-facts.ts'
import { counterparts, type Counterpart } from '#contracts/machine/message.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { nowMs } from '#sandbox/clock.ts'
import { newMachineKeys, spawnSandbox, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db } from '../connect.ts'
import { readPersonOnBooks } from '../read/household.ts'
import { createVault } from '../vault.ts'
import { seedCity } from './city.ts'
import { demoApplicant, demoApplicants, DEMO_DAY } from './people.ts'

/** The stories from end to end: the application as typed, the real sandbox, the real ports, our own books, the rules. */
const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })
const keys = newMachineKeys()
let database: TestDatabase
let db: Db
let sandbox: SpawnedSandbox
let ports: ReturnType<typeof createPorts>

beforeAll(async () => {
  database = await testDatabase()
  db = connect(database.ownerUrl)
  sandbox = await spawnSandbox(database.ownerUrl, keys)
  const urls = Object.fromEntries(counterparts.map((name) => [name, `${sandbox.origin}/${name}`])) as Record<Counterpart, string>
  ports = createPorts({
    urls,
    key: readPrivateKey(keys.centre),
    keyId: 'anju',
    peerKeys: readPublicKeys(keys.counterparts.publicKeys),
    nowMs,
  })
  await seedCity(db, vault, {
    contributors: 50,
    olderLoans: 20,
    openCases: 18,
    beforeCommit: async ({ outside }) => {
      await sandbox.load(outside.load)
      for (const script of outside.scripts) await sandbox.script(script)
    },
  })
})
afterAll(async () => {
  await sandbox.kill()
  await db.destroy()
  await database.drop()
})

/** The facts of a story's family, with the form entered on a day. */
async function factsOf(key: string, appliedOn = DEMO_DAY): Promise<LoanFacts> {
  const { application, family } = demoApplicant(key)
  const { entity } = family.branch
  const on = {
    policy: policyAt(publishedRows, entity, DEMO_DAY),
    today: DEMO_DAY,
    appliedOn,
    authorisationRef: 'AN-2025-0001',
    creditAuthorisation: { reference: 'SQ-2025-0001' },
  }
  return (await gatherFacts({ db, ports, vault, application, entity, ...on })).facts
}

test.each(demoApplicants.map((applicant) => ({ ...applicant, key: applicant.story.key })))(
  '$key',
  async ({ story, application, family }) => {
    const { entity } = family.branch
    const policy = policyAt(publishedRows, entity, DEMO_DAY)
    const on = {
      policy,
      today: DEMO_DAY,
      appliedOn: DEMO_DAY,
      authorisationRef: 'AN-2025-0001',
      creditAuthorisation: { reference: 'SQ-2025-0001' },
    }
    const { facts } = await gatherFacts({ db, ports, vault, application, entity, ...on })
    const { outcome, reasons, notes } = assessLoan(facts, policy)
    const codes = [...new Set([...reasons, ...notes].map(({ code }) => code))]
    expect({ outcome, codes }).toEqual({ outcome: story.expected, codes: expect.arrayContaining([...story.shows]) })
  },
)

test('money that was withdrawn after the form was entered counts against the home, and what was for something else does not', async () => {
  const { application } = demoApplicant('approved-couple')
  const account = await db
    .selectFrom('personal_account')
    .innerJoin('contributor', 'contributor.contributor_id', 'personal_account.contributor_id')
    .select(['account_number', 'personal_account.org_id', 'personal_account.access_group_id'])
    .where('contributor.id_hash', '=', vault.hash(application.borrower.idNumber))
    .executeTakeFirstOrThrow()
  const withdraws = (seq: number, amountFen: bigint, more: { purpose?: 'RENT' | 'HOME_PURCHASE'; home_hash?: Buffer }) =>
    db
      .insertInto('account_entry')
      .values({ ...account, seq, booked_on: DEMO_DAY, kind: 'WITHDRAWAL', month: null, amount_fen: -amountFen, balance_fen: 0n, ...more })
      .execute()
  const withdrawn = async (appliedOn?: PlainDate) => (await factsOf('approved-couple', appliedOn)).home.withdrawnFen
  expect(await withdrawn()).toBe(0n)
  await withdraws(9_001, 100n, { purpose: 'RENT' })
  await withdraws(9_002, 2_000n, { purpose: 'HOME_PURCHASE' })
  await withdraws(9_003, 30_000n, {})
  await withdraws(9_004, 400_000n, { purpose: 'HOME_PURCHASE', home_hash: vault.hash('loan-home/of somebody else') })
  await withdraws(9_005, 5_000_000n, { purpose: 'HOME_PURCHASE', home_hash: homeKeyOf(vault, application) })
  // Before the form: what is on our books for this very home, whatever was declared. Since: all that may have been for it.
  expect(await withdrawn()).toBe(5_000_000n)
  expect(await withdrawn(plainDate('2025-11-02'))).toBe(5_032_000n)
})

test('a loan of ours is counted once: by our own books, for whoever of the couple owes it', async () => {
  const { application } = demoApplicant('approved-single')
  const { name, idNumber } = application.borrower
  const before = (await factsOf('approved-single')).fundLoans
  const repeated = {
    contractNo: 'HT-1',
    role: 'BORROWER' as const,
    grantedOn: '2019-05-06',
    amountFen: '30000000',
    balanceFen: '0',
    settledOn: '2024-01-02',
  }
  const used = (fact: LoanFacts['fundLoans']) => (fact.state === 'KNOWN' ? fact.value.used : -1)
  await sandbox.load({
    persons: [{ idNumber, name, fundLoans: [{ ...repeated, centre: '新乡市住房公积金管理中心', overdueInstalments: 0 }] }],
  })
  expect(used((await factsOf('approved-single')).fundLoans)).toBe(used(before))
  await sandbox.load({
    persons: [{ idNumber, name, fundLoans: [{ ...repeated, centre: '江南市住房公积金管理中心（虚构）', overdueInstalments: 0 }] }],
  })
  expect(used((await factsOf('approved-single')).fundLoans)).toBe(used(before) + 1)

  const lent = await db
    .selectFrom('loan_account')
    .innerJoin('case_party', 'case_party.case_id', 'loan_account.case_id')
    .select(['loan_number', 'id_hash'])
    .where('case_party.role', '=', 'SPOUSE')
    .executeTakeFirstOrThrow()
  const books = await readPersonOnBooks(db, lent.id_hash ?? Buffer.alloc(0), DEMO_DAY)
  expect(books.loans.map(({ loanNumber }) => loanNumber)).toContain(lent.loan_number)
})

test('what only the housing department has makes a second home in the county', async () => {
  const { application } = demoApplicant('approved-changyuan')
  const home = { homeNo: 'CY-OLD-000001', place: '410783', owners: [application.borrower.idNumber], use: 'RESIDENTIAL' as const }
  const filed = {
    address: '苇泽镇',
    areaSquareMetres: '80.00',
    registeredOn: '1998-05-06',
    disposedOn: null,
    knownTo: ['housing' as const],
  }
  await sandbox.load({ homes: [{ ...home, ...filed }] })
  const facts = await factsOf('approved-changyuan')
  expect(facts).toMatchObject({ homesInPlace: { value: 0 }, homesByHousingDepartment: { source: '住房保障部门', value: 1 } })
  expect(assessLoan(facts, policyAt(publishedRows, 'changyuan', DEMO_DAY)).homeOrder).toBe('second')
})
