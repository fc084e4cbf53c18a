import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** A checkout with nothing but the bootstrap, a lock file, a pretended npm and a script that says who runs it. */
let checkout = ''

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'anju-bootstrap-'))
  mkdirSync(join(checkout, 'bin', 'launcher'), { recursive: true })
  copyFileSync(join(import.meta.dirname, 'bootstrap.mjs'), join(checkout, 'bin', 'launcher', 'bootstrap.mjs'))
  writeFileSync(join(checkout, 'package-lock.json'), '{}')
  writeFileSync(join(checkout, 'bin', 'probe.mjs'), PROBE)
  writeFileSync(join(checkout, 'npm.cjs'), NPM)
})
afterEach(() => rmSync(checkout, { recursive: true }))

const PROBE = `import { bootstrap } from './launcher/bootstrap.mjs'
await bootstrap(import.meta.url)
console.log('probe', process.versions.node.split('.')[0] >= 24 ? 'new' : 'old', process.argv.slice(2).join(' '), process.env.PATH.split(':')[0])
process.exit(7)`

const NPM = `const { mkdirSync, writeFileSync, appendFileSync } = require('node:fs')
appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n')
if (process.env.NPM_FAILS) process.exit(1)
mkdirSync('node_modules', { recursive: true })
writeFileSync('node_modules/.package-lock.json', '{}')`

function run(options: { pretendVersion?: string; npmFails?: boolean } = {}) {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${options.pretendVersion}'})`
  const env = {
    PATH: process.env['PATH'],
    npm_execpath: join(checkout, 'npm.cjs'),
    ...(options.pretendVersion && { NODE_OPTIONS: `--import "${pretend}"` }),
    ...(options.npmFails && { NPM_FAILS: '1' }),
  }
  return spawnSync(process.execPath, [join(checkout, 'bin', 'probe.mjs'), 'one', 'two'], { env, encoding: 'utf8' })
}

/** The Node that npm delivers: here this very one, without the pretence. */
function deliverNode(): void {
  const folder = join(checkout, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'node'), `#!/bin/sh\nunset NODE_OPTIONS\nexec ${process.execPath} "$@"\n`)
  chmodSync(join(folder, 'node'), 0o755)
  writeFileSync(join(checkout, 'node_modules', '.package-lock.json'), '{}')
}

const installs = (): number =>
  existsSync(join(checkout, 'npm.log')) ? readFileSync(join(checkout, 'npm.log'), 'utf8').trim().split('\n').length : 0

test('a fresh checkout installs exactly what the lock file says, and says so', () => {
  const { stdout, status } = run()
  expect(stdout).toContain('正在安装依赖')
  expect(readFileSync(join(checkout, 'npm.log'), 'utf8')).toMatch(/^ci /)
  expect(stdout).toContain(`probe new one two ${join(checkout, 'node_modules', '.bin')}`)
  expect(status).toBe(7)
})

test('an installed checkout installs nothing, until its lock file is newer', () => {
  run()
  run()
  expect(installs()).toBe(1)
  const later = performance.timeOrigin / 1000 + 3600
  utimesSync(join(checkout, 'package-lock.json'), later, later)
  run()
  expect(installs()).toBe(2)
})

test('an old Node hands over to the delivered one, with arguments and exit code', () => {
  deliverNode()
  const { stdout, status } = run({ pretendVersion: '20.11.0' })
  expect(stdout).toContain('probe new one two')
  expect(status).toBe(7)
})

test('an old Node on a platform without a delivered one is told what it needs', () => {
  const { stderr, status } = run({ pretendVersion: '22.1.0' })
  expect(stderr).toContain('需要 Node 24 以上，现在是 22.1.0')
  expect(status).toBe(2)
})

test('a Node that cannot even hand over is refused before anything is installed', () => {
  const { stderr, status } = run({ pretendVersion: '18.19.0' })
  expect(stderr).toContain('需要 Node 20 以上')
  expect(status).toBe(2)
  expect(installs()).toBe(0)
})

test('a failed install ends the start with a word on what to do', () => {
  const { stderr, status } = run({ npmFails: true })
  expect(stderr).toContain('依赖安装失败')
  expect(status).toBe(2)
})
