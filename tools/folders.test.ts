import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cacheFolderOf, dataFolderOf, findOnPath, isReachable, makePrivateFolder, projectFolder } from './folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'anju-folders-'))
afterAll(() => rmSync(folder, { recursive: true }))
const stranger = { name: 'stranger', uid: 54321, gid: 54321 }

test('data lies in the checkout unless the caller says otherwise', () => {
  expect(dataFolderOf({})).toBe(join(projectFolder, 'data'))
  expect(dataFolderOf({ ANJU_DATA: '/srv/anju' })).toBe('/srv/anju')
})

test('the cache is outside the checkout, so that a fresh clone builds nothing again', () => {
  expect(cacheFolderOf({})).toBe(join(homedir(), '.cache', 'anju'))
  expect(cacheFolderOf({ XDG_CACHE_HOME: '/var/cache' })).toBe('/var/cache/anju')
  expect(cacheFolderOf({ ANJU_CACHE: '/srv/cache' })).toBe('/srv/cache')
})

test('a folder below a private one cannot be reached by another user, whether it exists or not', () => {
  const home = join(folder, 'home')
  mkdirSync(join(home, 'checkout'), { recursive: true })
  chmodSync(folder, 0o755)
  expect(isReachable(join(home, 'checkout'), stranger)).toBe(true)
  chmodSync(home, 0o700)
  expect(isReachable(join(home, 'checkout'), stranger)).toBe(false)
  expect(isReachable(join(home, 'checkout', 'data', 'postgres'), stranger)).toBe(false)
  expect(isReachable(join(home, 'checkout'), undefined)).toBe(true)
})

test('a private folder is not listed for others, under any umask', () => {
  const made = join(folder, 'private', 'data')
  makePrivateFolder(made)
  expect(statSync(made).mode & 0o066).toBe(0)
})

test('a command is found on PATH, and what may not be run is not', () => {
  expect(findOnPath('sh', { PATH: '/nowhere:/bin' })).toBe('/bin/sh')
  expect(findOnPath('no-such-command', { PATH: '/bin' })).toBeUndefined()
  expect(findOnPath('sh', {})).toBeUndefined()
})
