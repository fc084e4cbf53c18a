import { createHash } from 'node:crypto'
import type { Finding, HouseRule } from './rule.ts'
import type { Tree } from './tree.ts'

const LIST = 'migrations/frozen.json'

export const frozenMigrations: HouseRule = {
  id: 'frozen-migrations',
  message:
    'A migration that has run somewhere is history: whoever edits it has two kinds of database under one version. Write a new one. ' +
    'Before the first release the list may be made anew: node tests/tidy/freeze.ts.',
  check: (tree) => {
    const file = tree.find(LIST)
    if (!file) return [{ path: LIST, line: 1, what: 'the list of frozen migrations is missing' }]
    const frozen: Record<string, string> = JSON.parse(file.text)
    const actual = hashesOf(tree)
    const lineOf = (name: string): number => Math.max(1, file.lines.findIndex((line) => line.includes(`"${name}"`)) + 1)
    const names = [...new Set([...Object.keys(frozen), ...Object.keys(actual)])].sort()
    return names.flatMap((name): Finding[] => {
      if (!actual[name]) return [{ path: LIST, line: lineOf(name), what: `${name} is gone` }]
      if (!frozen[name]) return [{ path: `migrations/${name}`, line: 1, what: 'is not in the list' }]
      return frozen[name] === actual[name] ? [] : [{ path: `migrations/${name}`, line: 1, what: 'has changed' }]
    })
  },
}

/** SHA-256 of every migration by its file name. */
export const hashesOf = (tree: Tree): Record<string, string> =>
  Object.fromEntries(
    tree.files
      .filter(({ path }) => /^migrations\/[^/]+\.sql$/.test(path))
      .map(({ path, text }) => [path.slice('migrations/'.length), createHash('sha256').update(text).digest('hex')]),
  )
