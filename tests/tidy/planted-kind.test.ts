import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isCode, isTest, readTree } from './tree.ts'

const root = resolve(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'anju-kind-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a new kind of case is entered into. Everything else that all kinds share stays as it is. */
const REGISTRIES = [
  'activities/case/kinds.ts',
  'admin-ui/src/cases/case-text.ts',
  'api/engine.ts',
  'api/kind-obstacles.ts',
  'rules/cases/stage-tables.ts',
]

// The word is added to a copy of the project, and the compiler says where it is missing. Then it is entered there, as a twin of the
// smallest kind, and the compiler has nothing more to say: no shared file had to learn of it.
test(
  'a kind of case is added by its word and its line in the registries, and the compiler names every one of them',
  { timeout: 120_000 },
  () => {
    copyProject()
    edit('contracts/cases.ts', (text) => text.replace(/CASE_KINDS = \{/, "CASE_KINDS = { pension: '企业年金',"))
    expect(filesThatMiss('pension')).toEqual(REGISTRIES)

    for (const registry of REGISTRIES)
      edit(registry, (text) => text.replace(/'staff-change': ([^,}\n]+)/g, "'staff-change': $1, pension: $1"))
    expect(everyComplaint().filter((complaint) => complaint.includes('pension'))).toEqual([])
    console.log(`a new kind of case: 1 word, ${REGISTRIES.length} registries, 0 other shared files`)
  },
)

function copyProject(): void {
  const ours = /^(contracts|policy|rules|workflows|activities|db|api|admin-ui)\//
  const wanted = readTree(root).files.filter(
    (file) => (isCode(file) && !isTest(file) && ours.test(file.path)) || file.path === 'package.json',
  )
  for (const { path } of wanted) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  // One configuration for server and console together: here only the registries are asked about.
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'))
  const options = {
    ...compilerOptions,
    lib: ['ES2024', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    jsx: 'react-jsx',
    module: 'esnext',
    moduleResolution: 'bundler',
    // The second time only what has changed is looked at.
    incremental: true,
    tsBuildInfoFile: join(folder, 'seen.tsbuildinfo'),
  }
  const config = { compilerOptions: options, include: ['**/*.ts', '**/*.tsx'], exclude: ['node_modules', '**/vite.config.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}

function edit(path: string, change: (text: string) => string): void {
  const text = readFileSync(join(folder, path), 'utf8')
  const changed = change(text)
  if (changed === text) throw new Error(`${path} has nothing to change`)
  writeFileSync(join(folder, path), changed)
}

/** An index into a registry that lacks the word: the echo of the registry's own complaint. */
const ECHO = /error TS7053/

/** Files in which the compiler misses the word; what else it may have to say is another test's business. */
function filesThatMiss(word: string): string[] {
  const complaints = everyComplaint().filter((complaint) => complaint.includes(`'${word}'`) && !ECHO.test(complaint))
  return [...new Set(complaints.map((complaint) => /^(\S+?)\(\d+/.exec(complaint)?.[1] ?? complaint))].sort()
}

/** A complaint is its first line and the indented ones below it. */
function everyComplaint(): string[] {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout, error } = spawnSync(process.execPath, [tsc, '--noEmit', '--checkers', '1', '--pretty', 'false', '-p', folder], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (error) throw error
  return stdout.split(/\n(?=\S)/).filter((complaint) => complaint.includes('error TS'))
}
