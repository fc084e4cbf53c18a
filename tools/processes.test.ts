import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { canConnect, endProcess, freePort, isRunning, processStartTime, startProcess } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'anju-processes-'))
afterAll(() => rmSync(folder, { recursive: true }))

const startShell = (script: string) => startProcess({ command: '/bin/sh', args: ['-c', script], logFile: join(folder, 'log') })

test('a process that obeys is ended by the first signal', async () => {
  const running = await startShell('exec sleep 60')
  expect(await endProcess(running, [{ signal: 'SIGTERM', limitMs: 5_000 }])).toBe('SIGTERM')
  expect(isRunning(running)).toBe(false)
})

test('a process that ignores its signals is killed after their time, and its child with it', async () => {
  const running = await startShell(`trap '' TERM INT; sleep 60 & echo $!; while true; do sleep 0.1; done`)
  // It has said so once it ignores them.
  const said = (): number => Number(readFileSync(join(folder, 'log'), 'utf8').trim())
  await expect.poll(said).toBeGreaterThan(0)
  const signals = [
    { signal: 'SIGINT', limitMs: 100 },
    { signal: 'SIGTERM', limitMs: 100 },
  ] as const
  expect(await endProcess(running, signals)).toBe('SIGKILL')
  await expect.poll(() => processStartTime(said())).toBeUndefined()
})

test('a pid that the system has given to another process since is left alone', async () => {
  const other = spawn('sleep', ['60'])
  const stale = { pid: other.pid ?? 0, startTime: '1' }
  expect(await endProcess(stale, [{ signal: 'SIGTERM', limitMs: 100 }])).toBeUndefined()
  expect(processStartTime(stale.pid)).toBeDefined()
  other.kill()
})

test('a process that never was has no start time', () => {
  expect(processStartTime(2 ** 22 + 1)).toBeUndefined()
  expect(isRunning({ pid: 2 ** 22 + 1, startTime: '' })).toBe(false)
})

test('a taken port is passed over for the next free one', async () => {
  const taken = await freePort()
  const server = createServer().listen(taken, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  expect(await freePort(taken)).toBeGreaterThan(taken)
  expect(await canConnect('127.0.0.1', taken)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
  expect(await canConnect('127.0.0.1', taken)).toBe(false)
})
