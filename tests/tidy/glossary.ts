import { kindsIn } from './kinds.ts'
import { bare, child, children, declaredObject, nameOf, propertiesOf, type SyntaxNode } from './parse.ts'
import type { Finding, HouseRule } from './rule.ts'
import type { TidyFile, Tree } from './tree.ts'

const GLOSSARY = 'GLOSSARY.md'

interface Word {
  readonly code: string
  readonly label: string
  readonly path: string
  readonly line: number
}

export const oneWord: HouseRule = {
  id: 'one-word',
  message:
    'One word per concept, in both languages, from table name to button. GLOSSARY.md holds every kind, stage, post and reason ' +
    'code exactly once, with the label the code gives it, ' +
    'and no other word twice. Add the row, or mend whichever of the two is wrong.',
  check: (tree) => {
    const glossary = tree.find(GLOSSARY)
    if (!glossary) return [{ path: GLOSSARY, line: 1, what: 'there is no glossary' }]
    const rows = rowsOf(glossary)
    const registries = registriesOf(tree)
    const listed = registries.flatMap(([section, words]) =>
      compare(
        section,
        words,
        rows.filter((row) => row.section === section),
      ),
    )
    const concepts = rows.filter((row) => !registries.some(([section]) => section === row.section))
    return [...listed, ...doubled(concepts)]
  },
}

/** Sections of the glossary that repeat what a registry says. */
function registriesOf(tree: Tree): [section: string, words: Word[]][] {
  const stages = kindsIn(tree).map(({ kind }): [string, Word[]] => [
    `Stages of \`${kind}\``,
    stageWords(tree.find(`rules/${kind}/stages.ts`)),
  ])
  return [
    ['Case kinds', labelled(tree.find('contracts/cases.ts'), 'CASE_KINDS', textOf)],
    ['Posts', labelled(tree.find('contracts/posts.ts'), 'POSTS', textOf)],
    ['Reason codes', labelled(tree.find('rules/reason-codes.ts'), 'REASON_CODES', firstArgumentOfSpread)],
    ...stages,
  ]
}

function labelled(file: TidyFile | undefined, name: string, labelOf: (value: SyntaxNode | undefined) => string | undefined): Word[] {
  if (!file) return []
  return declaredObject(file.parsed(), name).map(({ key, value, line }) => ({
    code: key,
    label: labelOf(value) ?? '',
    path: file.path,
    line,
  }))
}

function stageWords(file: TidyFile | undefined): Word[] {
  const table = file
    ?.parsed()
    .nodes('VariableDeclarator')
    .find((node) => (nameOf(child(node, 'id')) ?? '').endsWith('Stages'))
  const name = nameOf(child(table, 'id'))
  return file && name ? labelled(file, name, (value) => textOf(propertiesOf(value).find(({ key }) => key === 'label')?.value)) : []
}

const textOf = (node: SyntaxNode | undefined): string | undefined => (bare(node)?.type === 'Literal' ? nameOf(bare(node)) : undefined)

/** `{ ...refusal('未成年', …), text: … }`, or the plain `label`. */
function firstArgumentOfSpread(value: SyntaxNode | undefined): string | undefined {
  const spread = children(value, 'properties').find((one) => one.type === 'SpreadElement')
  return (
    textOf(propertiesOf(value).find(({ key }) => key === 'label')?.value) ?? textOf(children(child(spread, 'argument'), 'arguments')[0])
  )
}

interface Row {
  readonly section: string
  readonly cells: readonly string[]
  readonly line: number
}

/** The lines of the glossary's tables, without their heads. */
function rowsOf(file: TidyFile): Row[] {
  let section = ''
  return file.lines.flatMap((text, index): Row[] => {
    if (text.startsWith('## ')) section = text.slice(3).trim()
    const isHead = /^\|[\s|:-]+\|\s*$/.test(file.lines[index + 1] ?? '') || /^\|[\s|:-]+\|/.test(text)
    return text.startsWith('|') && !isHead
      ? [
          {
            section,
            cells: text
              .split('|')
              .slice(1, -1)
              .map((cell) => cell.trim()),
            line: index + 1,
          },
        ]
      : []
  })
}

function compare(section: string, words: readonly Word[], rows: readonly Row[]): Finding[] {
  const codeOf = ({ cells }: Row): string => cells[1]?.replaceAll('`', '') ?? ''
  const missing = words
    .filter(({ code }) => !rows.some((row) => codeOf(row) === code))
    .map(({ code, path, line }) => ({ path, line, what: `${code} is not in the glossary` }))
  const wrong = rows.flatMap((row, index): Finding[] => {
    const at = { path: GLOSSARY, line: row.line }
    const word = words.find(({ code }) => code === codeOf(row))
    if (!word) return [{ ...at, what: `${codeOf(row)} is no word of “${section}”` }]
    if (word.label !== row.cells[0]) return [{ ...at, what: `${word.code} is called ${word.label} by the code` }]
    return rows.findIndex((other) => codeOf(other) === word.code) < index ? [{ ...at, what: `${word.code} stands here twice` }] : []
  })
  return [...missing, ...wrong]
}

/** Of the concepts neither the Chinese nor the English word may stand twice. */
const doubled = (rows: readonly Row[]): Finding[] =>
  rows.flatMap((row, index) =>
    row.cells.slice(0, 2).flatMap((word, column) => {
      const before = rows.slice(0, index).find((other) => other.cells[column] === word)
      return before ? [{ path: GLOSSARY, line: row.line, what: `${word} stands already in line ${before.line}` }] : []
    }),
  )
