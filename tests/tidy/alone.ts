import { linesMatching, type Finding, type HouseRule } from './rule.ts'
import { isTest, type Tree } from './tree.ts'

const CONFIG = 'vitest.config.ts'
const MOCK = /\bvi\.(mock|doMock)\(/

export const mocksAlone: HouseRule = {
  id: 'mocks-alone',
  message:
    'Test files that need servers follow one another in a process: what one of them puts in the place of a module stays there for the next. ' +
    'A file that mocks a module is in `alone` in vitest.config.ts, and no other file is.',
  check: (tree) => {
    const alone = filesAlone(tree)
    const mocking = tree.files
      .filter((file) => isTest(file) && /\.(db|flow|e2e)\.test\.ts$/.test(file.path))
      .flatMap((file) => linesMatching(file, MOCK).map((found) => ({ path: file.path, ...found })))
    return [
      ...mocking.filter(({ path }) => !alone.some((entry) => entry.what === path)),
      ...alone.filter(({ what }) => !mocking.some(({ path }) => path === what)),
    ]
  },
}

/** The entries of `alone`, each where it stands in the configuration. */
function filesAlone(tree: Tree): Finding[] {
  const file = tree.find(CONFIG)
  const list = file && /\bconst alone = \[[^\]]*\]/.exec(file.text)
  if (!list) return []
  return [...list[0].matchAll(/'([^']+)'/g)].map((entry) => ({
    path: CONFIG,
    line: file.text.slice(0, list.index + entry.index).split('\n').length,
    what: entry[1] ?? '',
  }))
}
