import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import { sql } from 'kysely'
import { privateKeyText } from '#activities/ports/keys.ts'
import type { DemoLogins } from '#api/parts.ts'
import { canonicalJson } from '#db/canonical.ts'
import { connect, type Db } from '#db/connect.ts'
import { arrangedCalendar } from '#db/calendar/years.ts'
import { seedCity } from '#db/seed/city.ts'
import { drawCity, type CityPlan } from '#db/seed/draw.ts'
import { makeFamily } from '#db/seed/families.ts'
import { applicationOf, type Household } from '#db/seed/household.ts'
import { idNumbers } from '#db/seed/identities.ts'
import { BRANCHES, MAIN_BRANCH } from '#db/seed/orgs.ts'
import { outsideWorld } from '#db/seed/outside.ts'
import { DEMO_DAY } from '#db/seed/people.ts'
import { createRandom } from '#db/seed/random.ts'
import { createVault, type Vault } from '#db/vault.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { newMachineKeys, spawnSandbox, type MachineKeys } from '#sandbox/spawned.ts'
import type { BenchDatabase, Stand } from './stand.ts'

const SEED = 20_251_103
const PASSWORD = 'correct horse battery staple'

/** A small city with people at the counter, in a database that houses copy; and the keys under which all of them run. */
export interface BenchCity {
  readonly database: BenchDatabase
  readonly keys: MachineKeys
  readonly environment: Readonly<Record<string, string>>
  readonly logins: DemoLogins
  /** What the counter types, as JSON: every family once. */
  readonly applications: readonly unknown[]
}

/**
 * Founds the small city of the seed in a database of its own, with `applicants` ordinary families of the main branch who have no case yet
 * and are known to the world outside, and `cashiers` more cashiers than a city has: a one-time code counts once, and a payment needs one.
 */
export async function foundBenchCity(stand: Stand, { applicants, cashiers }: { applicants: number; cashiers: number }): Promise<BenchCity> {
  const secrets = { ANJU_DATA_KEY: randomBytes(32).toString('base64'), ANJU_HASH_KEY: randomBytes(32).toString('base64') }
  const vault = createVault({ dataKey: Buffer.from(secrets.ANJU_DATA_KEY, 'base64'), hashKey: Buffer.from(secrets.ANJU_HASH_KEY, 'base64') })
  const keys = newMachineKeys()
  const database = await stand.database('bench_city')
  const sandbox = await spawnSandbox(database.ownerUrl, keys)
  const owner = connect(database.ownerUrl, { max: 2 })
  try {
    // About four in ten contributors are people to whom the rules would lend.
    const size = { contributors: Math.max(80, applicants * 3), olderLoans: 20, openCases: 0, seed: SEED }
    // Cheap on purpose: the cost of the hash is not what is measured.
    const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1, parallelism: 1 })
    const { people } = await seedCity(owner, vault, { ...size, passwordHash, beforeCommit: ({ outside }) => sandbox.load(outside.load) })
    const families = drawFamilies({ ...size, applicants }, vault)
    await sandbox.load(outsideWorld({ contributors: [], families, lateDishonest: [], mortgages: [], silentSerials: [], on: DEMO_DAY }).load)
    const logins = { password: PASSWORD, people: [...people, ...(await hireCashiers(owner, people, cashiers))] }
    const loginsFile = join(stand.folder, 'logins.json')
    writeFileSync(loginsFile, JSON.stringify(logins), { mode: 0o600 })
    return {
      database,
      keys,
      logins,
      applications: families.map((family) => JSON.parse(canonicalJson(applicationOf(family))) as unknown),
      environment: cityEnvironment(secrets, keys, loginsFile),
    }
  } finally {
    await Promise.all([owner.destroy(), sandbox.kill('SIGTERM')])
  }
}

/** What all houses of the city are told; where its own servers are, each is told besides (`houseEnvironment`). */
export const cityEnvironment = (
  secrets: { readonly ANJU_DATA_KEY: string; readonly ANJU_HASH_KEY: string },
  keys: MachineKeys,
  loginsFile: string,
): Record<string, string> => ({
  ...secrets,
  NODE_ENV: 'development',
  DEMO: '1',
  LOG_LEVEL: 'error',
  ANJU_SEAL_KEY: privateKeyText(generateKeyPairSync('ed25519').privateKey),
  MACHINE_KEY: keys.centre,
  MACHINE_PEER_KEYS: keys.counterparts.publicKeys,
  DEMO_LOGINS_FILE: loginsFile,
})

/** The contributors of the very same city, those without a loan, each made into a family with a wish. */
function drawFamilies(size: Omit<CityPlan, 'on' | 'calendar' | 'policyOn'> & { applicants: number }, vault: Vault): Household[] {
  const policyOn: CityPlan['policyOn'] = (entity, on) => policyAt(publishedRows, entity, on)
  const plan = { ...size, on: DEMO_DAY, calendar: arrangedCalendar(), policyOn }
  const city = drawCity(plan, vault, createRandom(size.seed))
  const branch = BRANCHES.find((one) => one.orgId === MAIN_BRANCH)
  if (!branch) throw new Error('a city has a main branch')
  const borrowers = new Set(city.loans.map((loan) => loan.borrower.idNumber))
  const told = new Set(city.families.flatMap((family) => [family.borrower.person.idNumber, family.spouse?.person.idNumber]))
  const held = new Set(city.holds.map((hold) => hold.contributor.accountNumber))
  const able = city.contributors.filter(
    (one) =>
      one.state === 'NORMAL' && one.monthsPaid >= 12 && one.person.bornOn >= '1987-01-01' && one.baseFen >= 320_000n &&
      !borrowers.has(one.person.idNumber) && !told.has(one.person.idNumber) && !held.has(one.accountNumber),
  )
  if (able.length < size.applicants) throw new Error(`only ${able.length} of ${size.applicants} applicants`)
  const random = createRandom(size.seed).fork('bench')
  const idNumber = idNumbers(random, city.contributors.map((one) => one.person.idNumber))
  return able.slice(0, size.applicants).map((contributor, index) =>
    makeFamily({ branch, borrower: contributor.person, contributor, idNumber, sequence: 200_000 + index, on: DEMO_DAY }, random),
  )
}

/** Copies of the city's first cashier, with numbers of their own. */
async function hireCashiers(owner: Db, people: DemoLogins['people'], count: number): Promise<DemoLogins['people']> {
  const model = people.find((one) => one.posts.includes('CASHIER'))
  if (!model) throw new Error('a city has a cashier')
  const numbers = Array.from({ length: count }, (_, index) => `K${String(index + 1).padStart(4, '0')}`)
  await sql`with hired as (
      insert into staff (staff_id, staff_number, name, org_id, password_hash, totp_secret_enc)
      select gen_random_uuid(), n, '出纳' || n, org_id, password_hash, totp_secret_enc from staff, unnest(${numbers}::text[]) n
      where staff_number = ${model.staffNumber} returning staff_id, org_id)
    insert into staff_post (staff_id, post, org_id, from_on) select staff_id, 'CASHIER', org_id, '2020-01-01' from hired`.execute(owner)
  return numbers.map((staffNumber) => ({ ...model, staffNumber, name: `出纳${staffNumber}` }))
}
