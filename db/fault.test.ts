import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, afterAll, expect, test } from 'vitest'
import { armFaults, fault, PlannedFault } from './fault.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'anju-fault-'))))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => armFaults(undefined))

const strikes = async (point: string): Promise<boolean> =>
  fault(point).then(
    () => false,
    (error: unknown) => error instanceof PlannedFault,
  )

test('without a plan nothing happens', async () => {
  expect(await strikes('decide.after-commit')).toBe(false)
})

test('a fault strikes at its own passage of its own point, and at no other', async () => {
  armFaults('decide.after-commit#2=throw,relay.started#1=throw')
  const seen = []
  for (const point of ['decide.after-commit', 'decide.before-commit', 'decide.after-commit', 'decide.after-commit', 'relay.started'])
    seen.push(await strikes(point))
  expect(seen).toEqual([false, false, true, false, true])
})

test('a plan in a file may come later, strikes once, and is spent for every process', async () => {
  const file = join(folder, 'plan')
  armFaults(`@${file}`)
  expect(await strikes('a.b')).toBe(false)
  writeFileSync(file, 'a.b#1=throw\n')
  expect(await strikes('a.b')).toBe(true)
  expect([existsSync(file), existsSync(`${file}.spent`)]).toEqual([false, true])
  armFaults(`@${file}`)
  expect(await strikes('a.b'), 'after a restart').toBe(false)
})

test('a recorder writes down what is passed, in order', async () => {
  const file = join(folder, 'points')
  armFaults(`record:${file}`)
  for (const point of ['x.before-call', 'y.after-call', 'x.before-call']) await fault(point)
  expect(readFileSync(file, 'utf8')).toBe('x.before-call\ny.after-call\nx.before-call\n')
})

test('a reply is lost where there is one to lose', async () => {
  armFaults('a.before-reply#1=reply-lost,a.before-reply#2=reply-lost')
  let cut = 0
  await fault('a.before-reply', { destroy: () => cut++ })
  expect(cut).toBe(1)
  await expect(fault('a.before-reply')).rejects.toThrow('no reply to lose')
})

test('slow takes its time', async () => {
  armFaults('a.b#1=slow:40')
  const began = performance.now()
  await fault('a.b')
  expect(performance.now() - began).toBeGreaterThanOrEqual(35)
})

test.each(['decide', 'a.b#1', 'a.b#1=explode', 'a.b=throw', 'a.b#1=slow', 'a.b#1=throw:5', 'a b#1=throw'])('“%s” is not a plan', (plan) => {
  expect(() => armFaults(plan)).toThrow('not a fault')
})
