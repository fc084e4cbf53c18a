import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as bank from '#contracts/machine/bank.ts'
import * as cities from '#contracts/machine/cities.ts'
import * as civil from '#contracts/machine/civil.ts'
import * as credit from '#contracts/machine/credit.ts'
import * as guarantor from '#contracts/machine/guarantor.ts'
import * as housing from '#contracts/machine/housing.ts'
import * as messages from '#contracts/machine/messages.ts'
import * as registry from '#contracts/machine/registry.ts'

/** A file of the tree, by its path from the root. */
export interface Source {
  readonly file: string
  readonly text: string
}

const ROOT = resolve(import.meta.dirname, '../..')
/** What runs in the processes that may die; `db/fault.ts` is where points are made, not where they are. */
const PROCESSES = [
  'activities/**/*.ts',
  'api/**/*.ts',
  'bin/*.ts',
  'db/read/**/*.ts',
  'db/seal/**/*.ts',
  'db/write/**/*.ts',
  'workflows/**/*.ts',
]

/** Every file of the processes in which a fault can strike, with its text. */
export const sources = (): Source[] =>
  globSync(PROCESSES, { cwd: ROOT })
    .filter((file) => !/\.(?:test|fixture)\.ts$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))

/** A call that is a fault point, with its name: literal or template. `inStage` hands its name on to a transaction. */
const CALL = /\b(?:(fault|faultPoint)\(|(?:transact|inStage)\(\s*[\w.]+,)\s*(?:'([^']+)'|`([^`]+)`|(\w+))/g

/**
 * The name of every fault point in the code.
 * @throws Error where a name cannot be read: such a point would be missed by every comparison
 */
export function pointsInCode(files: readonly Source[] = sources()): string[] {
  const points = files.filter(({ text }) => /from '(?:#db|\.\.)\/fault\.ts'|from '\.\/in-stage\.ts'/.test(text)).flatMap(pointsOf)
  return [...new Set(points)].toSorted()
}

function pointsOf({ file, text }: Source): string[] {
  // Where the point goes by another name, the word itself is something else.
  const word = text.includes('fault as faultPoint') ? 'faultPoint' : 'fault'
  return [...text.matchAll(CALL)].flatMap(([, single, literal, template, variable]) => {
    if (single !== undefined && single !== word) return []
    // Named by its callers, which are asked instead.
    if (variable === 'name' && file.endsWith('in-stage.ts')) return []
    const names = literal === undefined ? spelt(template) : [literal]
    if (names.length === 0) throw new Error(`${file}: a fault point whose name cannot be read: ${template ?? variable}`)
    return single === undefined ? names.flatMap((name) => [`${name}.before-commit`, `${name}.after-commit`]) : names
  })
}

/** What stands for a template's variable part, each of which must be passed. */
const PARTS: Readonly<Record<string, () => string[]>> = {
  '${COMMAND_NAMES[spec.command]}': () => ['case-command', 'desk-command'],
  '${to.counterpart}${to.path}': () => [...operations(), 'bank/day-files'],
}

function spelt(template: string | undefined): string[] {
  const found = Object.entries(PARTS).find(([part]) => template?.startsWith(part))
  return found && template ? found[1]().map((name) => name + template.slice(found[0].length)) : []
}

/** Everything that can be asked outside. */
function operations(): string[] {
  const exports = [bank, cities, civil, credit, guarantor, housing, messages, registry].flatMap((one) => Object.values<unknown>(one))
  return exports.flatMap((one) =>
    typeof one === 'object' && one !== null && 'counterpart' in one && 'path' in one
      ? [`${String(one.counterpart)}${String(one.path)}`]
      : [],
  )
}

/** A point as it is in the code: of a day's file the day is left out. */
export const named = (point: string): string => point.replace(/^(bank\/day-files)\/[\d-]+/, '$1')

/** Every transaction that writes and has no fault point on either side of its commit, by its file and what it does first. */
export function commitsWithoutPoint(files: readonly Source[] = sources()): string[] {
  return files
    .flatMap(({ file, text }) =>
      [
        ...text.matchAll(
          /\.transaction\(\)\s*((?:\.set\w+\([^)]*\)\s*)*)\.execute\((?:async )?\(tx\) =>\s*\{?\s*(?:\/\/[^\n]*\n\s*)?([^(\n]*)/g,
        ),
      ]
        .filter(([, set]) => !set?.includes('read only'))
        .map(([, , first]) => `${file}: ${first?.trim()}`),
    )
    .toSorted()
}
