import { connectEngine, type CaseEngine } from '#api/engine.ts'
import { encryptedPayloads } from '#api/payload-codec.ts'
import { ConfigError, loadConfig, type Config } from '#config.ts'
import { connect, type Db } from '#db/connect.ts'
import { Refused } from './command-line.ts'

/**
 * Lends a command the worker's own environment and connection: the role that reads every row and owns none.
 * @throws Refused naming what the environment lacks
 */
export async function withWork<T>(name: string, use: (db: Db, config: Config<'worker'>) => Promise<T>): Promise<T> {
  const config = configOrRefusal()
  const db = connect(config.DATABASE_URL_WORK, { max: 2, name })
  try {
    return await use(db, config)
  } finally {
    await db.destroy()
  }
}

/** As `withWork`, with the role for set-based changes that decide nothing: the calendar's (decision 0019). */
export async function withBatch<T>(name: string, use: (db: Db) => Promise<T>): Promise<T> {
  const db = connect(configOrRefusal().DATABASE_URL_BATCH, { max: 2, name })
  try {
    return await use(db)
  } finally {
    await db.destroy()
  }
}

/** As `withWork`, with the door to the engine as well. */
export const withEngine = <T>(name: string, use: (db: Db, engine: CaseEngine, config: Config<'worker'>) => Promise<T>): Promise<T> =>
  withWork(name, async (db, config) => {
    const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TASK_QUEUE: taskQueue } = config
    const engine = await connectEngine({ address, namespace, taskQueue, dataConverter: encryptedPayloads(config.ANJU_DATA_KEY) })
    try {
      return await use(db, engine, config)
    } finally {
      await engine.close()
    }
  })

function configOrRefusal(): Config<'worker'> {
  try {
    return loadConfig(process.env, 'worker')
  } catch (error) {
    throw error instanceof ConfigError ? new Refused(error.message) : error
  }
}
