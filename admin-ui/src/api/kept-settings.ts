import { call } from './client.ts'

const SETTING = 'console'

/** Settings of a person by their names in react-admin's store. */
export type Settings = ReadonlyMap<string, unknown>

/** Arrangements of columns are taken whole: half of one and half of another is none. */
const isColumns = (name: string): boolean => name.includes('datatable')

/** What is worth keeping beyond the page: columns, saved queries, theme, phrases. Where one stood in a list is kept in the URL instead. */
export const isKept = (name: string): boolean =>
  name === 'theme' || name.startsWith('preferences.') || isColumns(name) || name.endsWith('savedQueries')

/** @returns undefined when it could not be read, which is not the same as nothing being kept */
export async function readKept(): Promise<Settings | undefined> {
  const answer = await call('readSetting', { params: { key: SETTING } }).catch(() => undefined)
  return answer && new Map(isRecord(answer.value) ? Object.entries(answer.value) : [])
}

/** @returns whether it is kept now. A setting that could not be saved costs a column order, not an officer's attention. */
export const writeKept = (settings: Settings): Promise<boolean> =>
  call('writeSetting', { params: { key: SETTING }, body: { value: Object.fromEntries(settings) } }).then(
    () => true,
    () => false,
  )

/**
 * What is to be kept when one's own have been changed since `before` was read, and the server keeps `kept` by now: whatever was not touched here
 * is as another tab has left it. Saved queries and phrases are put together one by one, so that no tab drops what another has added.
 */
export function merged(before: Settings, kept: Settings, own: Settings): Settings {
  const names = new Set([...kept.keys(), ...own.keys()])
  const all = [...names].map((name) => [name, mergedOne(name, before.get(name), kept.get(name), own.get(name))] as const)
  return new Map(all.filter(([, value]) => value !== undefined))
}

function mergedOne(name: string, before: unknown, kept: unknown, own: unknown): unknown {
  if (same(own, before)) return kept
  const [theirs, mine] = isColumns(name) ? [] : [entriesOf(kept), entriesOf(own)]
  return theirs && mine ? [...merged(entriesOf(before) ?? new Map<string, unknown>(), theirs, mine).values()] : own
}

/** A list by what its entries are known by: a saved query by its label, a phrase by itself. Undefined for everything else. */
function entriesOf(value: unknown): Settings | undefined {
  if (!Array.isArray(value)) return undefined
  const entries = value.map((one: unknown) => [isRecord(one) ? one['label'] : one, one] as const)
  return entries.every((entry): entry is readonly [string, unknown] => typeof entry[0] === 'string') ? new Map(entries) : undefined
}

/** They come as JSON and go as JSON. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

export const sameSettings = (one: Settings, other: Settings): boolean =>
  one.size === other.size && [...one].every(([name, value]) => same(value, other.get(name)))

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
