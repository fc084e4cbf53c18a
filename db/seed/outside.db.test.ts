import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatherFacts } from '#activities/loan/gather.ts'
import { createPorts } from '#activities/ports/ports.ts'
import { readPrivateKey, readPublicKeys } from '#activities/ports/keys.ts'
import { counterparts, type Counterpart } from '#contracts/machine/message.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { nowMs } from '#sandbox/clock.ts'
import { newMachineKeys, spawnSandbox, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db } from '../connect.ts'
import { createVault } from '../vault.ts'
import { seedCity } from './city.ts'
import { demoApplicants, DEMO_DAY } from './people.ts'

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

test.each(demoApplicants.map((applicant) => ({ ...applicant, key: applicant.story.key })))(
  '$key',
  async ({ story, application, family }) => {
    const { entity } = family.branch
    const { facts } = await gatherFacts({ db, ports, vault, application, entity, today: DEMO_DAY, authorisationRef: 'SQ-2025-0001' })
    const { outcome, reasons, notes } = assessLoan(facts, policyAt(publishedRows, entity, DEMO_DAY))
    const codes = [...new Set([...reasons, ...notes].map(({ code }) => code))]
    expect({ outcome, codes }).toEqual({ outcome: story.expected, codes: expect.arrayContaining([...story.shows]) })
  },
)
