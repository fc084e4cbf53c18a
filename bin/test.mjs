// Everything that is checked, in one run: types, lint, tests. Arguments go to vitest: `npm test -- rules/loan` runs these tests alone.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { bootstrap } from './launcher/bootstrap.mjs'

await bootstrap(import.meta.url)
const { cacheFolderOf } = await import('../tools/folders.ts')
const { findTemporal } = await import('../tools/temporal.ts')
const { countTests } = await import('./launcher/test-report.ts')

const project = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'anju-report-'))
const timings = []
const running = new Set()
const totals = { passed: 0, failed: 0, skipped: 0 }

// Whoever interrupts still gets the servers ended and a last line. From a terminal the running parts have Ctrl-C already.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => running.forEach((child) => child.kill('SIGINT')))

console.log('\n── 类型检查与 oxlint，同时进行')
await Promise.all([checkTypes(), lint()])
await findEngine()
await runTests(process.argv.slice(2))
report()

/** Before the tests, so that a first build of minutes is not counted as theirs. */
async function findEngine() {
  try {
    const { buildSeconds } = await findTemporal({ cacheFolder: cacheFolderOf(process.env), env: process.env, say: console.log })
    if (buildSeconds) timings.push(['Temporal 首次编译（另计）', buildSeconds])
  } catch (error) {
    totals.failed++
    console.log(`✗ ${error.message}`)
  }
}

/** One after the other, each by a single checker: several of them work out the same types once each, for twice the work and no less time. */
async function checkTypes() {
  const pretty = ['--pretty', String(process.stdout.isTTY === true)]
  for (const part of ['pure', 'node', 'ui'])
    await check(`类型检查 ${part}`, 'tsc', ['--noEmit', '--checkers', '1', ...pretty, '-p', `tsconfig.${part}.json`])
}

/** Beside the types, on the other processor; the part of it that knows types takes no more than one either. */
function lint() {
  return check('oxlint', 'oxlint', ['--type-aware'], { GOMAXPROCS: '1' })
}

/** A check is one test: it passes or it fails. What it has to say is shown when it has ended, for another runs beside it. */
async function check(name, command, args, env = {}) {
  const { status, said } = await run(name, command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  console.log(`\n── ${name}\n${said}`)
  totals[status === 0 ? 'passed' : 'failed']++
  if (status !== 0) console.log(`✗ ${name}`)
}

async function runTests(filters) {
  const json = join(folder, 'vitest.json')
  console.log('\n── vitest')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`]
  const { status } = await run('vitest', 'vitest', ['run', ...reporters, ...filters], { stdio: 'inherit' })
  const counted = countTests(existsSync(json) ? readFileSync(json, 'utf8') : '', status === 0)
  for (const key of Object.keys(totals)) totals[key] += counted[key]
}

/** Runs one of the installed tools; its exit code, undefined when a signal ended it, and what it said through a pipe. */
async function run(name, command, args, options) {
  const began = performance.now()
  const child = spawn(join(project, 'node_modules', '.bin', command), args, { cwd: project, ...options })
  running.add(child)
  const ended = new Promise((done) => child.on('close', (code) => done(code ?? undefined)))
  const said = await Promise.all([child.stdout, child.stderr].map(async (stream) => (stream ? await text(stream) : '')))
  const status = await ended
  running.delete(child)
  timings.push([name, (performance.now() - began) / 1000])
  return { status, said: said.join('') }
}

/** The last line is read by machines: exactly `N passed, N failed`, and `, N skipped` if any. */
function report() {
  rmSync(folder, { recursive: true, force: true })
  console.log('\n── 用时')
  for (const [name, seconds] of timings) console.log(`  ${seconds.toFixed(1).padStart(7)} 秒  ${name}`)
  const { passed, failed, skipped } = totals
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed === 0 ? 0 : 1
}
