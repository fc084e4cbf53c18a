import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'

const project = resolve(import.meta.dirname, '..')

function anju(...args: string[]) {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ANJU_DATA: join(tmpdir(), 'anju-no-such-data') }
  return spawnSync(process.execPath, ['bin/anju.mjs', ...args], { cwd: project, env, encoding: 'utf8' })
}

test.each([[[]], [['--help']], [['help']]])('%s lists the commands in Chinese', (args) => {
  const { stdout, status } = anju(...args)
  expect(stdout).toContain('用法：npm run -s anju -- <命令>')
  expect(stdout).toMatch(/^ {2}doctor +逐项检查/m)
  expect(status).toBe(0)
})

test('the list names every command that there is, and none that there is not', () => {
  const listed = [...anju('--help').stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name]) => name)
  const files = readdirSync(join(project, 'bin', 'commands')).filter((file) => /^[a-z-]+\.ts$/.test(file))
  expect(new Set(listed)).toEqual(new Set(files.map((file) => file.slice(0, -3))))
})

test('an unknown word is refused, with the nearest known one', () => {
  const { stderr, stdout, status } = anju('docter')
  expect(stderr).toContain('是否要用 doctor？')
  expect(stdout).toBe('')
  expect(status).toBe(1)
})

test('an unknown argument is refused', () => {
  const { stderr, status } = anju('status', '--jason')
  expect(stderr).toContain('--jason')
  expect(status).toBe(1)
})

test('without a running demo, status says so and how to start one', () => {
  expect(anju('status').stdout).toContain('npm start')
  expect(JSON.parse(anju('status', '--json').stdout)).toMatchObject({ running: false })
  expect(anju('status').status).toBe(1)
})

test('without a running demo, doctor names what is missing and ends with 1', () => {
  const { stdout, status } = anju('doctor')
  expect(stdout).toMatch(/✗ PostgreSQL：.*\n {4}→ npm start/)
  expect(stdout).toContain('✓ Node：')
  expect(status).toBe(1)
})

test.each(['doctor', 'status', 'schedule', 'assess'])('%s --help gives an example', (name) => {
  const { stdout, status } = anju(name, '--help')
  expect(stdout).toContain(`npm run -s anju -- ${name}`)
  expect(status).toBe(0)
})
