import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseFile, type Parsed } from './parse.ts'

/** One file of the project as the house rules see it: read at once, parsed when a rule asks. */
export interface TidyFile {
  /** From the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  /** Only for TypeScript and JavaScript. @throws Error when the file does not parse */
  parsed(): Parsed
}

export interface Tree {
  readonly files: readonly TidyFile[]
  find(path: string): TidyFile | undefined
  /** Whether a file or a folder of this name is there. */
  has(path: string): boolean
}

const SKIPPED = new Set(['node_modules', '.git', 'data', 'dist', 'coverage', 'planted', 'histories'])
const BINARY = /\.(png|jpe?g|webp|pdf|woff2?|ico|gz|br|zip|node)$/

/** Everything people write. What is built, downloaded or planted on purpose is not part of it. */
export const readTree = (root: string): Tree =>
  treeOf(Object.fromEntries(filesBelow(root).map((file) => [file, readFileSync(join(root, file), 'utf8')])))

/** A tree that was never on a disk: for planted violations that are made out of the real thing. */
export function treeOf(texts: Readonly<Record<string, string>>): Tree {
  const files = Object.entries(texts).map(([path, text]) => tidyFile(path, text))
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    files,
    find: (path) => byPath.get(path),
    has: (path) => byPath.has(path) || files.some((file) => file.path.startsWith(`${path}/`)),
  }
}

function filesBelow(root: string): string[] {
  const found: string[] = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path)
      if (entry.isFile() && !BINARY.test(entry.name)) found.push(relative(root, path).replaceAll('\\', '/'))
    }
  }
  visit(root)
  return found.sort()
}

function tidyFile(path: string, text: string): TidyFile {
  let parsed: Parsed | undefined
  return { path, text, lines: text.split('\n'), parsed: () => (parsed ??= parseFile(path, text)) }
}

export const isCode = ({ path }: TidyFile): boolean => /\.(ts|tsx|mjs)$/.test(path)
export const isTest = ({ path }: { path: string }): boolean =>
  /\.(test|fixture)\.tsx?$/.test(path) || path.startsWith('tests/') || path.startsWith('bench/')
export const inside = ({ path }: { path: string }, ...folders: string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
