import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findTemporal, temporalVersion } from './temporal.ts'

let folder = ''
let said: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-temporal-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function program(path: string, script: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const cached = (): string => join(folder, 'cache', 'temporal', temporalVersion, 'temporal')
const find = (signal?: AbortSignal) =>
  findTemporal({
    cacheFolder: join(folder, 'cache'),
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    say: (line) => said.push(line),
    ...(signal && { signal }),
  })

/** A pretended compiler: names two packages, then writes what `-o` asks for. */
const go = (end: string) => program(join(folder, 'bin', 'go'), `echo one/package >&2; echo two/package >&2; ${end}`)
const WRITES_OUTPUT = 'while [ "$1" != "-o" ]; do shift; done; echo built > "$2"'

test('a temporal on PATH is used before anything else', async () => {
  const path = program(join(folder, 'bin', 'temporal'), '')
  program(cached(), '')
  expect(await find()).toEqual({ path, from: 'PATH' })
})

test('what was built once is used again, without a word', async () => {
  program(cached(), '')
  go('exit 1')
  expect(await find()).toEqual({ path: cached(), from: 'cache' })
  expect(said).toEqual([])
})

test('the first time it is built into the cache, and the person is told how long that takes', async () => {
  go(WRITES_OUTPUT)
  expect(await find()).toMatchObject({ path: cached(), from: 'build' })
  expect(existsSync(cached())).toBe(true)
  expect(said[0]).toContain('仅此一次')
  expect(said.at(-1)).toContain('编译完成')
})

test('a build that fails says why, and leaves nothing that looks like a server', async () => {
  go('echo "no space left on device" >&2; exit 3')
  await expect(find()).rejects.toThrow('no space left on device')
  expect(readdirSync(dirname(cached()))).toEqual([])
})

test('a build can be ended in the middle', async () => {
  const begun = join(folder, 'begun')
  go(`touch ${begun}; exec sleep 60`)
  const ended = new AbortController()
  const found = expect(find(ended.signal)).rejects.toThrow('abort')
  await expect.poll(() => existsSync(begun)).toBe(true)
  ended.abort()
  await found
  expect(readdirSync(dirname(cached()))).toEqual([])
})
