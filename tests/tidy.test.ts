import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from './tidy/rules.ts'
import { readTree, type Tree } from './tidy/tree.ts'

const root = resolve(import.meta.dirname, '..')
const planted = join(import.meta.dirname, 'planted')

describe('the project keeps the house rules', () => {
  const tree = readTree(root)

  test.each(rules)('$id', ({ check, message }) => {
    const found = check(tree).map(({ path, line, what }) => `${path}:${line}  ${what}`)
    expect(found, `${message}\n${found.join('\n')}\n`).toEqual([])
  })
})

// A rule that has stopped firing still passes. So each one is shown a small tree of its own, in which it must find the lines
// marked with ✗ and no other.
describe('each rule fires on its planted violation, and on nothing else', () => {
  test.each(rules)('$id', ({ id, check }) => {
    const tree = readTree(join(planted, id))
    const found = check(tree).map(({ path, line }) => `${path}:${line}`)
    expect([...new Set(found)].sort()).toEqual(marked(tree))
  })

  test('every planted violation belongs to a rule', () => {
    expect(readdirSync(planted).sort()).toEqual(rules.map(({ id }) => id).sort())
    expect(existsSync(planted)).toBe(true)
  })
})

const marked = (tree: Tree): string[] =>
  tree.files.flatMap(({ path, lines }) => lines.flatMap((text, index) => (text.includes('✗') ? [`${path}:${index + 1}`] : []))).sort()
