import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '#config.ts'
import { demoEnvironment } from './environment.ts'
import { demoSecrets } from './secrets.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ports = { api: 8081, sandbox: 8090, postgres: 54329, temporal: 7233, temporalUi: 8233 }

test('secrets are made once, for the owner of the folder alone, and no two folders share any', () => {
  const made = demoSecrets(folder)
  expect(demoSecrets(folder)).toEqual(made)
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
  const elsewhere = Object.values(demoSecrets(mkdtempSync(join(folder, 'other-'))))
  expect(Object.values(made).filter((secret) => elsewhere.includes(secret))).toEqual([])
})

test('lost secrets beside existing data stop the start instead of being made anew', () => {
  mkdirSync(join(folder, 'postgres'))
  expect(() => demoSecrets(folder)).toThrow('secrets.json')
})

test('a damaged file is refused, not replaced', () => {
  writeFileSync(join(folder, 'secrets.json'), '{"dataKey":')
  expect(() => demoSecrets(folder)).toThrow('已损坏')
})

test('a folder made when fewer houses were spoken to gets their keys, and keeps those it has', () => {
  const made = demoSecrets(folder)
  const without = (json: string): string =>
    JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).filter(([name]) => name !== 'housing')))
  const older = { ...made, peerPrivateKeys: without(made.peerPrivateKeys), peerPublicKeys: without(made.peerPublicKeys) }
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(older))
  const mended = demoSecrets(folder)
  expect(JSON.parse(mended.peerPublicKeys)).toMatchObject({ ...(JSON.parse(older.peerPublicKeys) as object), housing: expect.any(String) })
  expect(Object.keys(JSON.parse(mended.peerPrivateKeys) as object).sort()).toEqual(
    Object.keys(JSON.parse(mended.peerPublicKeys) as object).sort(),
  )
  expect(demoSecrets(folder)).toEqual(mended)
})

test.each(['migrate', 'seed', 'worker', 'api'] as const)('the environment of a demo is a whole one for %s', (process) => {
  expect(() => loadConfig(demoEnvironment(ports, demoSecrets(folder), {}), process)).not.toThrow()
})

test('what the caller set wins, and a database of his own is used under our roles', () => {
  const env = { DATABASE_URL: 'postgresql://boss:pw@db.example:5433/fund', SESSION_IDLE_MINUTES: '5', SECRET_OF_OTHERS: 'x' }
  const environment = demoEnvironment(ports, demoSecrets(folder), env)
  expect(environment).toMatchObject({ DATABASE_URL: env.DATABASE_URL, SESSION_IDLE_MINUTES: '5', API_PORT: '8081' })
  expect(environment['DATABASE_URL_READ']).toMatch(/^postgresql:\/\/anju_read:[^@]+@db\.example:5433\/fund$/)
  expect(environment).not.toHaveProperty('SECRET_OF_OTHERS')
})
