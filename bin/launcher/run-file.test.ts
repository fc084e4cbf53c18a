import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processStartTime } from '../../tools/processes.ts'
import { AlreadyRunning, claim, readLiveRun, readRunFile, writeRunFile } from './run-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-run-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const killed = {
  supervisor: { pid: process.pid, startTime: '1' },
  children: [{ name: 'worker', pid: 7, startTime: '2' }],
  addresses: {},
  environment: {},
}

test('a folder in use is refused to a second start, with the address of the first', () => {
  const supervisor = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' }
  writeRunFile(folder, { ...killed, supervisor, addresses: { console: 'http://127.0.0.1:8080' } })
  expect(() => claim(folder)).toThrow(AlreadyRunning)
  expect(() => claim(folder)).toThrow('http://127.0.0.1:8080')
})

test('what a killed start left is handed to the next, and stays on record until it is replaced', () => {
  writeRunFile(folder, killed)
  expect(readLiveRun(folder)).toBeUndefined()
  expect(claim(folder)?.children).toEqual(killed.children)
  expect(readLiveRun(folder)?.children).toEqual(killed.children)
})

test('the first start finds nothing; its file is for its owner alone', () => {
  expect(claim(folder)).toBeUndefined()
  expect(statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o600)
})

test('half a file counts as none', () => {
  writeFileSync(join(folder, 'run.json'), '{"supervisor":{"pid":')
  expect(readRunFile(folder)).toBeUndefined()
  expect(claim(folder)).toBeUndefined()
})
