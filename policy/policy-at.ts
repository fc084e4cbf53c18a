import type { PlainDate } from '#contracts/dates.ts'
import type { Standing } from '#contracts/verdict.ts'
import {
  isParameterKey,
  PARAMETERS,
  parameterKeys,
  type OptionalKey,
  type ParameterKey,
  type ParameterValue,
  type RequiredKey,
} from './catalogue.ts'
import { SCOPES, scopesOf, type Scope } from './scopes.ts'
import type { Json } from './value-types.ts'

/** A published or assumed value from its day on. Never edited: a later row supersedes it, and a later null abolishes it. */
export interface PolicyRow {
  readonly key: string
  readonly scope: string
  readonly effectiveOn: PlainDate
  readonly value: Json
  readonly standing: Standing
  /** The document that prints it; for an assumed value, what it was inferred from. */
  readonly source: string
  readonly article: string
  readonly reason?: string | null
}

/** A value as the rules see it, with what a verdict must print beside it. */
export interface PolicyValue<T> {
  readonly value: T
  readonly scope: Scope
  readonly effectiveOn: PlainDate
  readonly standing: Standing
  readonly source: string
  readonly article: string
  readonly reason?: string
}

/** Every parameter of one scope on one day, frozen. An optional parameter that no row sets, or that is abolished, is absent. */
export interface PolicySnapshot {
  readonly scope: Scope
  readonly date: PlainDate
  readonly values: { readonly [K in RequiredKey]: PolicyValue<ParameterValue<K>> } & {
    readonly [K in OptionalKey]?: PolicyValue<ParameterValue<K>>
  }
}

/** No policy on that day: required parameters have no value yet. Names them, and the first day that has them all. */
export class NoPolicyInForce extends Error {
  override readonly name = 'NoPolicyInForce'
  readonly missing: readonly ParameterKey[]
  readonly firstDay: PlainDate | undefined
  constructor(scope: Scope, date: PlainDate, missing: readonly ParameterKey[], firstDay: PlainDate | undefined) {
    const labels = missing.map((key) => PARAMETERS[key].label).join('、')
    const hint = firstDay === undefined ? '' : `；可用的最早日期为${firstDay}`
    super(`${SCOPES[scope].label}在${date}没有生效的参数：${labels}${hint}`)
    this.missing = missing
    this.firstDay = firstDay
  }
}

/**
 * The policy of a scope on a day. Takes rows, from the files or the database alike, in any order; a value of the entity goes before the
 * province's and the nation's, and within a scope the latest row not after the day holds.
 * @throws NoPolicyInForce when a required parameter has no value; @throws TypeError for rows that contradict the catalogue or each other.
 */
export function policyAt(rows: readonly PolicyRow[], scope: Scope, date: PlainDate): PolicySnapshot {
  const byPlace = indexRows(rows)
  const values: Partial<Record<ParameterKey, PolicyValue<unknown>>> = {}
  for (const key of parameterKeys) {
    const row = rowInForce(byPlace, key, scope, date)
    if (row !== undefined && row.value !== null) values[key] = valueOf(row, key)
  }
  const missing = parameterKeys.filter((key) => PARAMETERS[key].required && values[key] === undefined)
  if (!isComplete(values)) throw new NoPolicyInForce(scope, date, missing, firstDay(byPlace, scope))
  return deepFreeze({ scope, date, values })
}

const isComplete = (values: Partial<Record<ParameterKey, PolicyValue<unknown>>>): values is PolicySnapshot['values'] =>
  parameterKeys.every((key) => !PARAMETERS[key].required || values[key] !== undefined)

type RowsByPlace = ReadonlyMap<string, readonly PolicyRow[]>
const place = (scope: string, key: string): string => `${scope} ${key}`

function indexRows(rows: readonly PolicyRow[]): RowsByPlace {
  const byPlace = new Map<string, PolicyRow[]>()
  for (const row of rows) {
    if (!isParameterKey(row.key)) throw new TypeError(`unknown parameter ${row.key}`)
    if (!Object.hasOwn(SCOPES, row.scope)) throw new TypeError(`unknown scope ${row.scope} of ${row.key}`)
    const siblings = byPlace.get(place(row.scope, row.key)) ?? []
    if (siblings.some((sibling) => sibling.effectiveOn === row.effectiveOn)) {
      throw new TypeError(`two values of ${row.key} for ${row.scope} on ${row.effectiveOn}`)
    }
    byPlace.set(place(row.scope, row.key), [...siblings, row])
  }
  return byPlace
}

/** The narrowest scope that has spoken by then decides, even when what it said is an abolition. */
function rowInForce(byPlace: RowsByPlace, key: ParameterKey, scope: Scope, date: PlainDate): PolicyRow | undefined {
  for (const candidate of scopesOf(scope)) {
    const begun = (byPlace.get(place(candidate, key)) ?? []).filter((row) => row.effectiveOn <= date)
    const latest = begun.reduce<PolicyRow | undefined>((last, row) => (last && last.effectiveOn > row.effectiveOn ? last : row), undefined)
    if (latest !== undefined) return latest
  }
  return undefined
}

function valueOf(row: PolicyRow, key: ParameterKey): PolicyValue<unknown> {
  const value = PARAMETERS[key].type.read(row.value)
  if (value === undefined) throw new TypeError(`value of ${key} for ${row.scope} on ${row.effectiveOn} is not ${PARAMETERS[key].type.name}`)
  const { effectiveOn, standing, source, article } = row
  return { value, scope: row.scope as Scope, effectiveOn, standing, source, article, ...(row.reason ? { reason: row.reason } : {}) }
}

/** The first day on which every required parameter has a value; undefined when there is none. */
function firstDay(byPlace: RowsByPlace, scope: Scope): PlainDate | undefined {
  const days = [...new Set([...byPlace.values()].flat().map((row) => row.effectiveOn))].toSorted()
  const hasAll = (day: PlainDate): boolean =>
    parameterKeys.every((key) => !PARAMETERS[key].required || (rowInForce(byPlace, key, scope, day)?.value ?? null) !== null)
  return days.find(hasAll)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
