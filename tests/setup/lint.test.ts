import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const project = resolve(import.meta.dirname, '..', '..')
const oxlint = join(project, 'node_modules', '.bin', 'oxlint')
const folder = mkdtempSync(join(tmpdir(), 'anju-lint-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a call whose promise nobody awaits is an error, under the very rules of the project', () => {
  const config: { ignorePatterns?: string[] } = JSON.parse(execFileSync(oxlint, ['--print-config'], { cwd: project, encoding: 'utf8' }))
  const open = join(folder, 'oxlint.json')
  writeFileSync(open, JSON.stringify({ ...config, ignorePatterns: [] }))
  const { status, stdout } = spawnSync(oxlint, ['-c', open, '--type-aware', 'tests/setup/planted/unawaited.ts'], {
    cwd: project,
    encoding: 'utf8',
  })
  expect(stdout).toContain('no-floating-promises')
  expect(status).toBe(1)
})
