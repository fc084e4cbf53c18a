import type { Store } from 'react-admin'
import { isKept, merged, readKept, same, sameSettings, writeKept, type Settings } from './kept-settings.ts'

const SAVE_AFTER_MS = 300

interface ServerStore extends Store {
  /** Fetches the person's settings, once per log-in; where that failed, again when it is asked for the next time. */
  load: () => Promise<void>
  /** Sends what has not been sent yet. Before the session ends: afterwards nobody is there whose settings they are. */
  flush: () => Promise<void>
}

/**
 * react-admin's own store lives in the browser and is emptied at log-out. This one is kept by the server for the person, so that columns
 * and saved queries are there on any computer of the house; nothing of it stays on a shared one.
 *
 * Nothing is written but upon what has just been read: a reading that failed, or a tab that was opened long ago, would overwrite with the
 * little it knows what has been saved since. What could not be sent is tried again with the next change.
 */
export function createServerStore(): ServerStore {
  const { values, put, subscribe } = createMemory()
  /** What the server was last seen to keep. Another map for each log-in: what arrives after somebody has left is not taken for the next. */
  let known: Settings = new Map()
  let present = false
  let reading: Promise<unknown> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy: Promise<unknown> = Promise.resolve()

  /** One after the other: each goes by what the one before has left. */
  const queue = <T>(step: () => Promise<T>): Promise<T> => {
    const done = busy.then(step, step)
    busy = done
    return done
  }
  const own = (): Settings => new Map([...values].filter(([key]) => isKept(key) || known.has(key)))
  /** @returns what is to be kept by now; undefined when nobody knows what is */
  const read = async (): Promise<Settings | undefined> => {
    const before = known
    const kept = await readKept()
    if (!kept || before !== known) return undefined
    const all = merged(before, kept, own())
    for (const key of new Set([...own().keys(), ...all.keys()])) if (!same(values.get(key), all.get(key))) put(key, all.get(key))
    known = kept
    return all
  }
  const write = async (): Promise<void> => {
    if (!present || sameSettings(own(), known)) return
    const all = await read()
    const before = known
    if (!all || sameSettings(all, before)) return
    if ((await writeKept(all)) && before === known) known = all
  }
  const change = (key: string, value: unknown): void => {
    put(key, value)
    if (!isKept(key) || !present) return
    clearTimeout(timer)
    timer = setTimeout(() => void queue(write), SAVE_AFTER_MS)
  }
  return {
    setup: () => undefined,
    teardown: () => undefined,
    async load() {
      present = true
      const mine = (reading ??= queue(read))
      if ((await mine) === undefined && reading === mine) reading = undefined
    },
    async flush() {
      clearTimeout(timer)
      await queue(write)
    },
    getItem: <T>(key: string, defaultValue?: T) => (values.has(key) ? (values.get(key) as T) : defaultValue),
    setItem: (key, value) => change(key, value),
    removeItem: (key) => change(key, undefined),
    removeItems: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).forEach((key) => change(key, undefined)),
    reset() {
      // Called at log-out: forget the person here, keep what the server has.
      clearTimeout(timer)
      present = false
      reading = undefined
      known = new Map()
      busy = Promise.resolve()
      for (const key of [...values.keys()]) put(key, undefined)
    },
    subscribe,
    listItems: (prefix = '') => Object.fromEntries([...values].filter(([key]) => key.startsWith(prefix))),
  }
}

/** Values, and whoever follows one of them. */
function createMemory(): {
  values: ReadonlyMap<string, unknown>
  put: (key: string, value: unknown) => void
  subscribe: Store['subscribe']
} {
  const values = new Map<string, unknown>()
  const listeners = new Set<{ key: string; callback: (value: unknown) => void }>()
  return {
    values,
    put(key, value) {
      if (value === undefined) values.delete(key)
      else values.set(key, value)
      for (const listener of listeners) if (listener.key === key) listener.callback(value)
    },
    subscribe(key, callback) {
      const listener = { key, callback }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export const serverStore = createServerStore()
