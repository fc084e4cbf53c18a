import { basename } from 'node:path'
import { child, nameOf, type SyntaxNode } from './parse.ts'
import { perFile, type Finding, type HouseRule } from './rule.ts'
import { isCode, type TidyFile } from './tree.ts'

const FUNCTION_LINES_MAX = 70
const FILE_LINES_MAX = 300
const WIDTH_MAX = 160

/** What is long for a reason: a list that is read by looking up. An entry that is no longer needed is a finding. */
const LONG: Readonly<Record<string, string>> = {
  'db/tables.ts': 'one interface per table, in the order of the migrations',
  'contracts/api/cases.ts': 'one page of the console in one schema',
}

const isSized = (file: TidyFile): boolean => isCode(file)

const shortFile: HouseRule = {
  id: 'short-file',
  message:
    `A file of more than ${FILE_LINES_MAX} lines answers more than one question. Find the second one and give it a file; a list ` +
    'that is only looked up may stand in LONG with its reason.',
  check: (tree) => {
    const long = tree.files.filter((file) => isSized(file) && lineCount(file) > FILE_LINES_MAX)
    const idle = Object.keys(LONG).filter((path) => tree.find(path) && !long.some((file) => file.path === path))
    return [
      ...long.filter(({ path }) => !LONG[path]).map((file) => ({ path: file.path, line: 1, what: `${lineCount(file)} lines` })),
      ...idle.map((path): Finding => ({ path, line: 1, what: 'no longer needs its exception' })),
    ]
  },
}

const lineCount = ({ lines }: TidyFile): number => lines.length - (lines.at(-1) === '' ? 1 : 0)

const shortFunction: HouseRule = {
  id: 'short-function',
  message:
    `A function fits a screen: ${FUNCTION_LINES_MAX} lines between its braces. Keep the decisions in it and give each step a name ` +
    'of its own.',
  check: perFile(
    // The body of a `describe` is a table of contents.
    (file) => isCode(file) && !/\.test\.tsx?$/.test(file.path),
    (file) => {
      const { nodes, lineAt } = file.parsed()
      return nodes('FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression').flatMap((node) => {
        const body = child(node, 'body')
        const lines = body ? lineAt(body.end - 1) - lineAt(body.start) - 1 : 0
        return lines > FUNCTION_LINES_MAX ? [{ line: lineAt(node.start), what: `${titleOf(node)} has ${lines} lines` }] : []
      })
    },
  ),
}

const titleOf = (node: SyntaxNode): string => nameOf(child(node, 'id')) ?? 'a function'

const narrowLine: HouseRule = {
  id: 'narrow-line',
  message: `Past ${WIDTH_MAX} columns a reviewer scrolls and misses the end. Break the line (aim for 140).`,
  check: perFile(
    (file) => /\.(ts|tsx|mjs|sql)$/.test(file.path),
    (file) => file.lines.flatMap((text, index) => (text.length > WIDTH_MAX ? [{ line: index + 1, what: `${text.length} columns` }] : [])),
  ),
}

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|fixture|config|d|db|flow|e2e))*\.(ts|mjs)$/
/** A component, and the test beside it, which may need no markup. */
const PASCAL = /^[A-Z][A-Za-z0-9]*(\.tsx|(\.(test|db|flow|e2e))+\.tsx?)$/

const fileName: HouseRule = {
  id: 'file-name',
  message: 'Files are named in kebab-case after what they answer; a .tsx file in PascalCase after the component it exports.',
  check: perFile(isCode, ({ path }) => {
    const name = basename(path)
    const fine = PASCAL.test(name) || (!name.endsWith('.tsx') && KEBAB.test(name))
    return fine ? [] : [{ line: 1, what: name }]
  }),
}

export const sizeRules: readonly HouseRule[] = [shortFile, shortFunction, narrowLine, fileName]
