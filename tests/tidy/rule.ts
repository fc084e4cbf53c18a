import type { TidyFile, Tree } from './tree.ts'

/** A place where a house rule is broken. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly what: string
}

/** One house rule. A reviewer can cite it by its id. */
export interface HouseRule {
  readonly id: string
  /** Why the rule is there, and what to do instead. */
  readonly message: string
  readonly check: (tree: Tree) => Finding[]
}

/** A rule that looks at one file at a time. */
export const perFile =
  (applies: (file: TidyFile) => boolean, look: (file: TidyFile) => readonly { line: number; what: string }[]): HouseRule['check'] =>
  (tree) =>
    tree.files.filter(applies).flatMap((file) => look(file).map((found) => ({ path: file.path, ...found })))

/** Lines that a pattern matches. */
export const linesMatching = (file: TidyFile, pattern: RegExp): { line: number; what: string }[] =>
  file.lines.flatMap((text, index) => {
    const match = pattern.exec(text)
    return match ? [{ line: index + 1, what: match[0].trim() }] : []
  })
