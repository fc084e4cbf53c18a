import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { endProcess, isRunning, processStartTime, type ProcessId, type Running } from '../../tools/processes.ts'
import { keep, type Part } from './keeper.ts'

/** `sleep` as a part; `fails` of its restarts do not come up. */
function sleeper(fails = 0): { part: Part; starts: () => number } {
  let starts = 0
  const start = (spawned: (process: ProcessId) => void): Promise<Running> => {
    starts++
    if (starts > 1 && fails-- > 0) return Promise.reject(new Error('no luck'))
    const child = spawn('sleep', ['60'])
    const id = { pid: child.pid ?? 0, startTime: processStartTime(child.pid ?? 0) ?? '' }
    spawned(id)
    return Promise.resolve({ ...id, process: child, exited: new Promise((resolve) => child.once('exit', () => resolve())) })
  }
  return { part: { name: 'sleeper', start, end: (id) => endProcess(id, [{ signal: 'SIGTERM', limitMs: 1_000 }]) }, starts: () => starts }
}

test('a part that dies is said to have died and started again', async () => {
  const said: string[] = []
  const { part, starts } = sleeper()
  const keeper = keep(part, { say: (line) => said.push(line), changed: () => {} })
  const first = await keeper.start()
  process.kill(first.pid, 'SIGKILL')
  await expect.poll(() => said).toEqual(['sleeper 意外停止，0.5 秒后重新启动', 'sleeper 已重新启动'])
  expect(starts()).toBe(2)
  expect(keeper.process()?.pid).not.toBe(first.pid)
  await keeper.stop()
})

test('a restart that fails is tried again after a longer pause', async () => {
  const said: string[] = []
  const { part } = sleeper(1)
  const keeper = keep(part, { say: (line) => said.push(line), changed: () => {} })
  process.kill((await keeper.start()).pid, 'SIGKILL')
  await expect.poll(() => said.at(-1)).toBe('sleeper 已重新启动')
  expect(said).toContain('no luck')
  expect(said).toContain('sleeper 意外停止，1 秒后重新启动')
  await keeper.stop()
})

test('a part that was stopped stays stopped, and nothing is said', async () => {
  const say = vi.fn()
  const { part, starts } = sleeper()
  const keeper = keep(part, { say, changed: () => {} })
  const running = await keeper.start()
  await keeper.stop()
  await sleep(700)
  expect(isRunning(running)).toBe(false)
  expect(starts()).toBe(1)
  expect(say).not.toHaveBeenCalled()
})

test('a stop during the pause before a restart prevents it', async () => {
  const { part, starts } = sleeper()
  const keeper = keep(part, { say: () => {}, changed: () => {} })
  process.kill((await keeper.start()).pid, 'SIGKILL')
  await sleep(100)
  await keeper.stop()
  await sleep(700)
  expect(starts()).toBe(1)
})
