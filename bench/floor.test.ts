import { expect, test } from 'vitest'
import { loadConfig } from '#config.ts'
import { counterparts } from '#contracts/machine/message.ts'
import { loanStages } from '#rules/loan/stages.ts'
import { newMachineKeys, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { portUrls } from '../bin/port-urls.ts'
import { cityEnvironment } from './city.ts'
import { FLOOR_STAGES } from './floor-engine.ts'
import { houseEnvironment } from './house.ts'

// Nobody starts the bench every day: what a house has gained must not be found missing there a month later.
test('the contender does by itself every stage that is the machine’s in the house', () => {
  const machine = Object.entries(loanStages).flatMap(([name, stage]) => (stage.machine ? [name] : []))
  expect(Object.keys(FLOOR_STAGES).toSorted()).toEqual(machine.toSorted())
})

test.each(['api', 'worker'] as const)('the houses of the bench are told everything that their %s asks for', (process) => {
  const key = Buffer.alloc(32, 1).toString('base64')
  const url = 'postgresql://anju@127.0.0.1:5432/bench'
  const database = { name: 'bench', ownerUrl: url, urls: { anju_read: url, anju_desk: url, anju_work: url, anju_batch: url } }
  const sandbox = { origin: 'http://127.0.0.1:4100' } as SpawnedSandbox
  const environment = {
    ...cityEnvironment({ ANJU_DATA_KEY: key, ANJU_HASH_KEY: key }, newMachineKeys(), 'logins.json'),
    ...houseEnvironment(database, sandbox, '127.0.0.1:7233', 3000),
  }
  const addresses = portUrls(loadConfig(environment, process))
  expect(addresses).toEqual(Object.fromEntries(counterparts.map((name) => [name, `${sandbox.origin}/${name}`])))
})
