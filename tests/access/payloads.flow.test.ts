import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client'
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encryptedPayloads, failureConverterPath } from '#api/payload-codec.ts'
import '../setup/runtime.ts'
import { testTemporal } from '../setup/temporal.ts'
import { payloadsIn, storedHistories } from './histories.ts'
import type * as probes from './probe-workflow.ts'

const temporal = testTemporal()
const dataConverter = encryptedPayloads(Buffer.alloc(32, 5))
let connection: Connection
let native: NativeConnection
let worker: Worker
let running: Promise<void>
let client: Client
/**
 * What every path of the probe carries, and nothing of the store may show. A name that nobody of the demo city bears: the planted one lies open
 * in the engine's store, where other files look for theirs.
 */
const SECRET = '甄藏信-419899199005180012'

// What its worker refuses is meant to be refused: the traces of it tell nobody anything.
const told = vi.spyOn(console, 'error').mockImplementation(() => {})

beforeAll(async () => {
  connection = await Connection.connect({ address: temporal.address })
  native = await NativeConnection.connect({ address: temporal.address })
  client = new Client({ connection, namespace: temporal.namespace, dataConverter })
  const quiet = { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./probe-workflow.ts', import.meta.url)),
    failureConverterPath,
    logger: quiet,
  })
  worker = await Worker.create({
    connection: native,
    ...temporal,
    dataConverter,
    workflowBundle,
    // No cache: each task replays the history from its start, so that what was recorded must also open again.
    maxCachedWorkflows: 0,
    activities: {
      echo: async (text: string) => text,
      note: async () => undefined,
      fail: async (text: string): Promise<void> => {
        throw new Error(`failed with ${text}`)
      },
    },
  })
  running = worker.run()
})
afterAll(async () => {
  told.mockRestore()
  worker.shutdown()
  await running
  await native.close()
  await connection.close()
})

const historyOf = async (workflowId: string): Promise<string> =>
  `[${(await storedHistories(temporal.taskQueue))
    .filter((one) => one.workflowId === workflowId)
    .map(({ json }) => json)
    .join(',')}]`

/** The text as a store might hold it: plain, escaped, or inside base64 at any offset. */
const shows = (json: string, secret: string): boolean =>
  json.includes(secret) || payloadsIn(json).some(({ data }) => Buffer.from(data, 'base64').includes(secret))

describe('what the engine keeps', () => {
  test('is ciphertext on every path: start, signal, update, query, activity, local activity, continue-as-new, result', async () => {
    const workflowId = 'probe/every-path'
    const handle = await client.workflow.start<typeof probes.everyPath>('everyPath', { ...temporal, workflowId, args: [SECRET, 2] })
    await handle.signal<[string]>('tell', SECRET)
    expect(await handle.executeUpdate<string, [string]>('ask', { args: [SECRET] })).toBe(`heard ${SECRET}`)
    expect(await handle.query<string>('heard')).toBe(SECRET)
    await handle.signal<[string]>('tell', 'go')
    // The run that continued it begins with what it was handed over.
    expect(await handle.result()).toBe(`done ${SECRET}`)
    const json = await historyOf(workflowId)
    expect(shows(json, SECRET)).toBe(false)
    expect(payloadsIn(json).filter(({ metadata }) => metadata['scheme'] !== undefined).length).toBeGreaterThan(8)
  })

  test('holds with a signal and with an update that start the workflow', async () => {
    const signalled = await client.workflow.signalWithStart<typeof probes.everyPath, [string]>('everyPath', {
      ...temporal,
      workflowId: 'probe/signal-with-start',
      args: [SECRET, 1],
      signal: 'tell',
      signalArgs: [SECRET],
    })
    expect(await signalled.query<string>('heard')).toBe(SECRET)
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof probes.everyPath>('everyPath', {
      ...temporal,
      workflowId: 'probe/update-with-start',
      args: [SECRET, 1],
      workflowIdConflictPolicy: 'USE_EXISTING',
    })
    expect(await client.workflow.executeUpdateWithStart('ask', { startWorkflowOperation, args: [SECRET] })).toBe(`heard ${SECRET}`)
    for (const id of ['probe/signal-with-start', 'probe/update-with-start']) {
      await client.workflow.getHandle(id).signal<[string]>('tell', 'go')
      expect(await client.workflow.getHandle(id).result()).toBe(`done ${SECRET}`)
      expect(shows(await historyOf(id), SECRET), id).toBe(false)
    }
  })

  test('has no error text in the clear, and the caller still reads it', async () => {
    const handle = await client.workflow.start<typeof probes.failing>('failing', {
      ...temporal,
      workflowId: 'probe/failing',
      args: [SECRET],
    })
    await expect(handle.result()).rejects.toMatchObject({ cause: { cause: { message: `failed with ${SECRET}` } } })
    const json = await historyOf('probe/failing')
    expect(json).toContain('Encoded failure')
    expect(shows(json, SECRET)).toBe(false)
  })

  test('a refused update names its type in the clear and its words in cipher', async () => {
    const handle = await client.workflow.start<typeof probes.everyPath>('everyPath', {
      ...temporal,
      workflowId: 'probe/refused',
      args: ['x', 1],
    })
    await expect(handle.executeUpdate<string, [string]>('ask', { args: ['refuse'] })).rejects.toMatchObject({
      cause: { type: 'STALE', message: 'refused' },
    })
    await handle.terminate()
  })

  test('does not open without the key, nor with the key of another house', async () => {
    for (const wrong of [undefined, encryptedPayloads(Buffer.alloc(32, 6))]) {
      const other = new Client({ connection, namespace: temporal.namespace, ...(wrong ? { dataConverter: wrong } : {}) })
      await expect(other.workflow.getHandle('probe/every-path').result()).rejects.toThrow()
    }
  })

  test('what somebody else writes into a case is not read: the workflow takes no plain payload', async () => {
    const stranger = new Client({ connection, namespace: temporal.namespace })
    const handle = await stranger.workflow.start('everyPath', {
      ...temporal,
      workflowId: 'probe/forged',
      args: ['forged', 1],
      workflowTaskTimeout: '2 seconds',
    })
    const until = performance.now() + 15_000
    let json = ''
    while (!json.includes('workflowTaskFailedEventAttributes') && performance.now() < until) json = await historyOf('probe/forged')
    expect(json).toContain('workflowTaskFailedEventAttributes')
    expect(json).not.toContain('MARKER_RECORDED')
    await handle.terminate()
    // And the worker that refused it goes on serving the others.
    expect(worker.getState()).toBe('RUNNING')
  })
})

test('the scan sees a payload that was not encrypted', async () => {
  const stranger = new Client({ connection, namespace: temporal.namespace })
  const handle = await stranger.workflow.start('nobody', { taskQueue: temporal.taskQueue, workflowId: 'probe/planted', args: [SECRET] })
  expect(shows(await historyOf('probe/planted'), SECRET)).toBe(true)
  await handle.terminate()
})
