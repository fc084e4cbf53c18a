import { linesMatching, perFile, type HouseRule } from './rule.ts'
import { inside, isTest, type TidyFile } from './tree.ts'

const LOCKS = ['package-lock.json', 'go.sum', 'OFL.txt', 'LICENSE']
const isWritten = ({ path }: TidyFile): boolean => !LOCKS.some((name) => path === name || path.endsWith(`/${name}`))
/** This file has to spell what it looks for. */
const isTidy = ({ path }: TidyFile): boolean => path.startsWith('tests/tidy')

const noLooseEnd: HouseRule = {
  id: 'no-loose-end',
  message:
    'A note to do it later is a promise nobody keeps. Do it, or open an issue; what is deliberately absent is said as such, with ' +
    'its reason.',
  check: perFile(
    (file) => isWritten(file) && !isTidy(file),
    (file) => linesMatching(file, /\b(TODO|FIXME|XXX|HACK)\b/),
  ),
}

/** Words of how a text was made rather than of what it says. */
const FOREIGN_WORDS = /\b(sub-?agents?|AI agents?|agents?|LLMs?|prompts?|chat ?bots?|GPT\S*|copilot|claude|assistants?|language model)\b/i
const ALLOWED_WORDS = /\buser[- ]agent\b|https?\.Agent|new Agent\(/i

const ownWords: HouseRule = {
  id: 'own-words',
  message: 'The project speaks of housing funds and of its own code. Words of tools and of how a text came about do not belong in it.',
  check: perFile(
    (file) => isWritten(file) && !isTidy(file),
    (file) => linesMatching(file, FOREIGN_WORDS).filter(({ line }) => !ALLOWED_WORDS.test(file.lines[line - 1] ?? '')),
  ),
}

const noMachinePath: HouseRule = {
  id: 'no-machine-path',
  message: 'A path of one machine works on that machine. Build paths from the project folder or from the data folder (tools/folders.ts).',
  check: perFile(
    (file) => isWritten(file) && !isTest(file) && !inside(file, 'tools', 'docker-compose.yml', 'Dockerfile'),
    (file) =>
      linesMatching(file, /\.\.\/shared\/?(?=['"`\s)]|seeds|[a-z]+\.md)|(?<![\w.~/}-])\/(work|root|tmp|home)\/[\w.-]*/).filter(
        ({ line }) => !/from '\.\.?\//.test(file.lines[line - 1] ?? ''),
      ),
  ),
}

const noRegistryHost: HouseRule = {
  id: 'no-registry-host',
  message: 'Where packages come from is a matter of whoever installs them (their .npmrc), not of the project.',
  check: perFile(
    (file) => !isTidy(file) && !file.path.endsWith('go.sum'),
    (file) =>
      linesMatching(
        file,
        /\b(registry\.(npmjs\.org|npmmirror\.com|yarnpkg\.com)|registry\.npm\.taobao\.org|npm\.pkg\.github\.com|proxy\.golang\.org|goproxy\.\w+)\b/,
      ),
  ),
}

const pessimisticConsole: HouseRule = {
  id: 'pessimistic-console',
  message:
    'A decision over money is shown when it is true, not before, and there is no taking it back by a toast. Every mutation waits ' +
    'for the answer (pessimistic).',
  check: perFile(
    (file) => inside(file, 'admin-ui'),
    (file) => linesMatching(file, /\b(undoable|optimistic)\b/i),
  ),
}

const SUPERUSER = new RegExp(
  [
    'create\\s+extension',
    'alter\\s+system',
    'create\\s+tablespace',
    'create\\s+event\\s+trigger',
    'create\\s+(role|user|database)\\b',
    'alter\\s+(role|user)\\b',
    '\\bsuperuser\\b',
    '\\bbypassrls\\b',
    'language\\s+(c|plpython\\w*|plperlu)\\b',
    '\\bpg_read_(binary_)?file\\b',
    '\\bpg_ls_dir\\b',
    '\\blo_(im|ex)port\\b',
    'session_replication_role',
    "copy\\b.*\\b(from|to)\\s+(program|')",
    '\\bdblink\\b',
    'for\\s+all\\s+tables',
  ].join('|'),
  'i',
)

const plainOwner: HouseRule = {
  id: 'plain-owner',
  message:
    'Migrations run as an owner without special rights, on any hosted PostgreSQL. What only a superuser may do belongs to whoever ' +
    'sets the server up (tools/postgres.ts, docker-compose.yml).',
  check: perFile(
    (file) => file.path.endsWith('.sql'),
    (file) => linesMatching({ ...file, lines: file.lines.map((line) => line.replace(/--(?!.*✗).*$/, '')) }, SUPERUSER),
  ),
}

/** A kind of case that ARCHITECTURE.md adds for the example's sake. */
const EXAMPLE = /\bwithdrawal\b/

const truePath: HouseRule = {
  id: 'true-path',
  message:
    'A document that points at a file which is not there has stopped being read by whoever moved it. Mend the path, or the sentence.',
  check: (tree) =>
    perFile(
      (file) => file.path.endsWith('.md'),
      (file) =>
        file.lines.flatMap((text, index) =>
          [...text.matchAll(/`([a-z][\w-]*(?:\/[\w.-]+)+\.(?:tsx?|mjs|sql|md|json))`/g)]
            .filter(([, path = '']) => !tree.has(path) && !EXAMPLE.test(path))
            .map(([, path = '']) => ({ line: index + 1, what: `${path} is not there` })),
        ),
    )(tree),
}

export const textRules: readonly HouseRule[] = [
  truePath,
  noLooseEnd,
  ownWords,
  noMachinePath,
  noRegistryHost,
  pessimisticConsole,
  plainOwner,
]
