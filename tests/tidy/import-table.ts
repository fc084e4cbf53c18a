import { kindsIn } from './kinds.ts'
import type { Import } from './parse.ts'
import type { Finding, HouseRule } from './rule.ts'
import { isCode, isTest, type TidyFile, type Tree } from './tree.ts'

/** What a folder may import: our own files by path (a folder ends with `/`, `*` is one segment), packages by name, or `node:`. */
interface Border {
  readonly values: readonly string[]
  /** Names only: erased before anything runs. */
  readonly types?: readonly string[]
}

const HTTP = ['express', 'helmet', 'multer', 'file-type', 'pino', 'prom-client', 'otpauth', '@node-rs/argon2', 'openid-client', 'qrcode']
const BROWSER = [
  'react',
  'react-dom/client',
  'react-admin',
  'react-router',
  'react-hook-form',
  'ra-i18n-polyglot',
  '@tanstack/react-query',
  '@mui/material',
  '@mui/material/*',
  '@mui/icons-material/*',
]

/** Who may import whom. The longest folder that holds a file decides. */
const TABLE: Readonly<Record<string, Border>> = {
  contracts: { values: ['zod'] },
  policy: { values: ['contracts/'] },
  rules: { values: ['contracts/', 'decimal.js'], types: ['policy/'] },
  workflows: { values: ['@temporalio/workflow', 'rules/*/stages.ts'], types: ['contracts/', 'activities/'] },
  activities: {
    values: [
      'contracts/',
      'policy/',
      'rules/',
      'db/',
      '@temporalio/activity',
      'canonicalize',
      'fontkit',
      'pdfmake',
      'pdfmake/*',
      'qrcode',
      'node:',
    ],
  },
  db: { values: ['contracts/', 'kysely', 'kysely/*', 'pg', 'canonicalize', 'node:'] },
  // The seed composes a whole city: cases that went through the rules, under the policy of their day.
  'db/seed': { values: ['contracts/', 'policy/', 'rules/', 'db/', 'kysely', 'node:'], types: ['activities/papers/input.ts'] },
  api: {
    values: [
      'contracts/',
      'rules/',
      'db/',
      'zod',
      'zod-openapi',
      '@temporalio/client',
      '@temporalio/common',
      'node:',
      ...HTTP,
      // What the record has against an action is asked once for the button, and again by the transaction that decides.
      'activities/loan/against.ts',
      // The pre-check asks the same sources by the same functions as the case itself (decision 0007); papers are rendered on first request (0006).
      'activities/loan/application.ts',
      'activities/loan/filed.ts',
      'activities/loan/gather.ts',
      'activities/loan/locks.ts',
      'activities/loan/papers.ts',
      'activities/loan/stay-away.ts',
      'activities/ports/',
      'activities/papers/',
      'activities/policy.ts',
    ],
    // What relay and watch need of the engine is named where it is needed, and done where the only workflow client is.
    types: ['activities/relay.ts'],
  },
  'admin-ui': { values: ['contracts/', 'rules/*/stages.ts', ...BROWSER] },
  'admin-ui/vite.config.ts': { values: ['vite', '@vitejs/plugin-react', 'node:'] },
  sandbox: {
    // The other side of the same signatures: it must not be able to differ from ours by accident.
    values: [
      'contracts/machine/',
      'express',
      'pg',
      'node:',
      'activities/ports/http-signature.ts',
      'activities/ports/keys.ts',
      'activities/ports/call.ts',
    ],
  },
  tools: {
    values: ['pg', '@temporalio/client', '@temporalio/common/lib/*', '@sparticuz/chromium', 'node:'],
  },
  'config.ts': { values: ['zod', 'activities/ports/keys.ts'] },
  'vitest.config.ts': { values: ['vitest/config'] },
  bin: { values: ['*'] },
}

const ANYTHING: Border = { values: ['*'] }

export const importTable: HouseRule = {
  id: 'import-table',
  message:
    'A request goes down the tree and never climbs back: console → api → workflows → activities → rules → db. ' +
    'Each folder imports what its line in tests/tidy/import-table.ts names and nothing else. ' +
    'Move the code to the side of the border where it may know what it needs, or import only its type. ' +
    'An entry that nobody uses any more is a door left open: take it out.',
  check: (tree) => [
    ...tree.files.filter(isCode).flatMap((file) =>
      file.parsed().imports.flatMap((one) => {
        const what = wrongWith(tree, file, one)
        return what ? [{ path: file.path, line: one.line, what }] : []
      }),
    ),
    ...idleEntries(tree),
  ],
}

/** Entries of the table, as it stands in the tree, that no file of their folder needs. */
function idleEntries(tree: Tree): Finding[] {
  const table = tree.find('tests/tidy/import-table.ts')
  if (!table) return []
  const files = tree.files.filter((file) => isCode(file) && !isTest(file))
  return Object.entries(TABLE).flatMap(([folder, border]) => {
    const imports = files.filter((file) => borderOf(file) === border).flatMap((file) => file.parsed().imports)
    return [...border.values, ...(border.types ?? [])]
      .filter((pattern) => !imports.some((one) => fits(pattern, one)))
      .flatMap((pattern) => {
        const line = lineOf(table, folder, pattern)
        return line ? [{ path: table.path, line, what: `nothing in ${folder} imports ${pattern}` }] : []
      })
  })
}

/** Where an entry of a folder stands: below its name, or in a list above the table. @returns 0 when it does not stand in the tree */
function lineOf({ lines }: TidyFile, folder: string, pattern: string): number {
  const stands = (from: number, to: number): number => lines.findIndex((text, at) => at >= from && at < to && text.includes(`'${pattern}'`))
  const begin = lines.findIndex((text) => text.startsWith(`  ${folder}: {`) || text.startsWith(`  '${folder}': {`))
  if (begin < 0) return 0
  const next = lines.findIndex((text, at) => at > begin && /^ {2}[\w']/.test(text))
  const own = stands(begin, next < 0 ? lines.length : next)
  const table = lines.findIndex((text) => /^(export )?const TABLE\b/.test(text))
  return (own < 0 ? stands(0, table) : own) + 1
}

function wrongWith(tree: Tree, file: TidyFile, one: Import): string | undefined {
  const border = borderOf(file)
  if (!border) return 'this folder has no line in the import table'
  if (one.own && /\.test\.tsx?$/.test(one.target)) return `${one.target} is a test; nothing imports a test`
  if (isTest(file)) return undefined
  if (one.own && isTest({ path: one.target })) return `${one.target} exists for tests only`
  if (one.own && one.target.startsWith('bin/') && !file.path.startsWith('bin/')) return `${one.target}: bin is imported by nothing`
  return (
    (one.own && betweenKinds(tree, file.path, one.target)) ||
    (admits(border, file, one) ? undefined : `${file.path.split('/')[0]} may not import ${one.target}`)
  )
}

/** The siblings know nothing of one another, and what is shared by all kinds names none of them but by its stage table. */
function betweenKinds(tree: Tree, path: string, target: string): string | undefined {
  const folderOf = (one: string): string | undefined => /^rules\/([^/]+)\//.exec(one)?.[1]
  const [from, to] = [folderOf(path), folderOf(target)]
  if (!from || !to || from === to) return undefined
  const kinds = kindsIn(tree).map(({ kind }) => kind)
  if (!kinds.includes(to) || target.endsWith('/stages.ts'))
    return kinds.includes(from) && kinds.includes(to) ? `rules of ${from} import those of ${to}` : undefined
  return `${path} imports the rules of one kind of case`
}

function borderOf(file: TidyFile): Border | undefined {
  if (isTest(file)) return ANYTHING
  const name = Object.keys(TABLE)
    .filter((folder) => file.path === folder || file.path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0]
  return name === undefined ? undefined : TABLE[name]
}

function admits(border: Border, file: TidyFile, one: Import): boolean {
  const [root = ''] = file.path.split('/')
  if (one.own && one.target.startsWith(`${root}/`)) return true
  return [...border.values, ...(one.typeOnly ? (border.types ?? []) : [])].some((pattern) => fits(pattern, one))
}

function fits(pattern: string, { target, own }: Import): boolean {
  if (pattern === '*') return true
  if (pattern === 'node:') return target.startsWith('node:')
  if (pattern.endsWith('/')) return own && target.startsWith(pattern)
  const regex = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`)
  return own === pattern.endsWith('.ts') && regex.test(target)
}
