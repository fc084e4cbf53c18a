import { posix } from 'node:path'
import { parseSync } from 'vite'

/** A node of the syntax tree: the rules look at a handful of kinds and never need more than this. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Import {
  /** A path from the root for our own files, the package's specifier for others. */
  readonly target: string
  readonly own: boolean
  /** Erased before it runs. */
  readonly typeOnly: boolean
  readonly line: number
}

export interface Parsed {
  readonly program: SyntaxNode
  readonly imports: readonly Import[]
  readonly comments: readonly { readonly text: string; readonly line: number }[]
  lineAt(offset: number): number
  /** Every node of one of these kinds, in the order of the text. */
  nodes(...types: string[]): readonly SyntaxNode[]
}

/** @throws Error when the text is not TypeScript */
export function parseFile(path: string, text: string): Parsed {
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`)
  const lineAt = lineFinder(text)
  const byType = new Map<string, SyntaxNode[]>()
  collect(program, byType)
  const nodes = (...types: string[]): SyntaxNode[] => types.flatMap((type) => byType.get(type) ?? []).sort((a, b) => a.start - b.start)
  if (!isNode(program)) throw new Error(`${path} has no program`)
  return {
    program,
    lineAt,
    nodes,
    imports: importsOf(path, nodes, lineAt),
    comments: comments.map(({ value, start }) => ({ text: value, line: lineAt(start) })),
  }
}

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value

/** A field that is a node; undefined when it is absent or something else. */
export const child = (node: SyntaxNode | undefined, field: string): SyntaxNode | undefined => {
  const value = node?.[field]
  return isNode(value) ? value : undefined
}

export const children = (node: SyntaxNode | undefined, field: string): readonly SyntaxNode[] => {
  const value = node?.[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** `as const`, `satisfies` and brackets taken off. */
export function bare(node: SyntaxNode | undefined): SyntaxNode | undefined {
  const wrapped = node && ['TSAsExpression', 'TSSatisfiesExpression', 'ParenthesizedExpression'].includes(node.type)
  return wrapped ? bare(child(node, 'expression')) : node
}

export const nameOf = (node: SyntaxNode | undefined): string | undefined => {
  const name = node?.type === 'Literal' ? node['value'] : node?.['name']
  return typeof name === 'string' ? name : undefined
}

/** The properties of an object that a file declares under a name: key, value, line. Spreads are passed over. */
export function declaredObject(parsed: Parsed, name: string): { key: string; value: SyntaxNode | undefined; line: number }[] {
  const declared = parsed.nodes('VariableDeclarator').find((node) => nameOf(child(node, 'id')) === name)
  return propertiesOf(bare(child(declared, 'init'))).map(({ key, value, start }) => ({ key, value, line: parsed.lineAt(start) }))
}

export const propertiesOf = (object: SyntaxNode | undefined): { key: string; value: SyntaxNode | undefined; start: number }[] =>
  children(object, 'properties').flatMap((property) => {
    const key = nameOf(child(property, 'key'))
    return key === undefined ? [] : [{ key, value: bare(child(property, 'value')), start: property.start }]
  })

function collect(value: unknown, byType: Map<string, SyntaxNode[]>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, byType)
  } else if (isNode(value)) {
    const same = byType.get(value.type)
    if (same) same.push(value)
    else byType.set(value.type, [value])
    for (const field of Object.values(value)) if (typeof field === 'object') collect(field, byType)
  }
}

function importsOf(path: string, nodes: Parsed['nodes'], lineAt: (offset: number) => number): Import[] {
  const found = nodes('ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType')
  return found.flatMap((node) => {
    const specifier = nameOf(child(node, 'source')) ?? nameOf(child(node, 'argument'))
    if (specifier === undefined) return []
    return [{ ...resolve(path, specifier), typeOnly: isTypeOnly(node), line: lineAt(node.start) }]
  })
}

function resolve(path: string, specifier: string): { target: string; own: boolean } {
  if (specifier.startsWith('#')) return { target: specifier.slice(1), own: true }
  if (specifier.startsWith('.')) return { target: posix.join(posix.dirname(path), specifier), own: true }
  return { target: specifier, own: false }
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = children(node, 'specifiers')
  return specifiers.length > 0 && specifiers.every((one) => one['importKind'] === 'type' || one['exportKind'] === 'type')
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
