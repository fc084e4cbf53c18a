import { rmSync } from 'node:fs'
import { inject } from 'vitest'
import { startFaultHouse, type FaultHouse } from '../../bin/faults/house.ts'
import { demoEnvironment, type Environment } from '../../bin/launcher/environment.ts'
import { demoSecrets } from '../../bin/launcher/secrets.ts'
import { testDatabase } from './database.ts'
import { throwAwayFolder } from './folder.ts'
import { freePorts } from './free-port.ts'
import { testTemporal } from './temporal.ts'

/** API, worker and sandbox as processes of their own on the servers of the run, with a database and a task queue of this test file alone. */
export interface TestFaultHouse {
  readonly house: FaultHouse
  readonly environment: Environment
  readonly folder: string
  end(): Promise<void>
}

/** A test tells few stories, and a city that is small is founded and looked through sooner. */
const TOLD_MAX = 60

/** @param set what this file wants different in the environment of every process */
export async function startTestFaultHouse(label: string, set: Environment = {}): Promise<TestFaultHouse> {
  const folder = throwAwayFolder(label)
  const database = await testDatabase()
  const { address, namespace, taskQueue } = testTemporal()
  const secrets = demoSecrets(folder)
  const environment = demoEnvironment(await freePorts(), secrets, {
    ANJU_DATA: folder,
    DATABASE_URL: database.ownerUrl,
    DATABASE_URL_READ: database.readUrl,
    DATABASE_URL_DESK: database.deskUrl,
    DATABASE_URL_WORK: database.workUrl,
    DATABASE_URL_BATCH: database.batchUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TASK_QUEUE: taskQueue,
    WORKFLOW_BUNDLE: inject('temporal').workflowBundle,
    ...set,
  })
  const house = await startFaultHouse(environment, secrets, folder, TOLD_MAX)
  return {
    house,
    environment,
    folder,
    async end() {
      await house.end()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
