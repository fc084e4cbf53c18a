// Everything that is checked, in one run: types, lint, tests. Arguments go to vitest: `npm test -- rules/loan` runs these tests alone.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bootstrap } from './launcher/bootstrap.mjs'

await bootstrap(import.meta.url)
const { cacheFolderOf } = await import('../tools/folders.ts')
const { findTemporal } = await import('../tools/temporal.ts')
const { countTests } = await import('./launcher/test-report.ts')

const project = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'anju-report-'))
const timings = []
let running
const totals = { passed: 0, failed: 0, skipped: 0 }

// Whoever interrupts still gets the servers ended and a last line. From a terminal the running part has Ctrl-C already.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => running?.kill('SIGINT'))

for (const part of ['pure', 'node']) await checkTypes(part)
if (readdirSync(join(project, 'admin-ui'), { recursive: true }).some((name) => name.endsWith('.tsx'))) await checkTypes('ui')
else console.log('!! admin-ui 没有文件：未检查工作台的类型')
await check('oxlint', 'oxlint', ['--type-aware'])
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

function checkTypes(part) {
  return check(`类型检查 ${part}`, 'tsc', ['--noEmit', '-p', `tsconfig.${part}.json`])
}

/** A check is one test: it passes or it fails. */
async function check(name, command, args) {
  const status = await run(name, command, args)
  totals[status === 0 ? 'passed' : 'failed']++
  if (status !== 0) console.log(`✗ ${name}`)
}

async function runTests(filters) {
  const json = join(folder, 'vitest.json')
  const status = await run('vitest', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`, ...filters])
  const counted = countTests(existsSync(json) ? readFileSync(json, 'utf8') : '', status === 0)
  for (const key of Object.keys(totals)) totals[key] += counted[key]
}

/** Runs one of the installed tools; its exit code, undefined when a signal ended it. */
async function run(name, command, args) {
  console.log(`\n── ${name}`)
  const began = performance.now()
  running = spawn(join(project, 'node_modules', '.bin', command), args, { cwd: project, stdio: 'inherit' })
  const status = await new Promise((done) => running.on('close', (code) => done(code ?? undefined)))
  timings.push([name, (performance.now() - began) / 1000])
  return status
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
