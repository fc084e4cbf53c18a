import type { Store } from 'react-admin'
import { call } from './client.ts'

const SETTING = 'console'
const SAVE_AFTER_MS = 300

/** What is worth keeping beyond the page: columns, saved queries, theme, phrases. Where one stood in a list is kept in the URL instead. */
const isKept = (key: string): boolean =>
  key === 'theme' || key.startsWith('preferences.') || key.includes('datatable') || key.endsWith('savedQueries')

interface ServerStore extends Store {
  /** Fetches the person's settings, once per log-in. */
  load: () => Promise<void>
  /** Sends what has not been sent yet. Before the session ends: afterwards nobody is there whose settings they are. */
  flush: () => Promise<void>
}

/**
 * react-admin's own store lives in the browser and is emptied at log-out. This one is kept by the server for the person, so that columns
 * and saved queries are there on any computer of the house; nothing of it stays on a shared one.
 */
export function createServerStore(): ServerStore {
  const values = new Map<string, unknown>()
  const listeners = new Set<{ key: string; callback: (value: unknown) => void }>()
  let loaded: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<unknown> = Promise.resolve()

  const publish = (key: string, value: unknown): void => {
    for (const listener of listeners) if (listener.key === key) listener.callback(value)
  }
  const write = (): void => {
    timer = undefined
    const value = Object.fromEntries([...values].filter(([key]) => isKept(key)))
    // A setting that could not be saved costs a column order, not an officer's attention.
    writing = call('writeSetting', { params: { key: SETTING }, body: { value } }).catch(() => undefined)
  }
  const save = (): void => {
    clearTimeout(timer)
    if (loaded) timer = setTimeout(write, SAVE_AFTER_MS)
  }
  const change = (key: string, value: unknown): void => {
    if (value === undefined) values.delete(key)
    else values.set(key, value)
    publish(key, value)
    if (isKept(key)) save()
  }
  const read = async (): Promise<void> => {
    const answer = await call('readSetting', { params: { key: SETTING } }).catch(() => ({ value: undefined }))
    for (const [key, value] of Object.entries(isRecord(answer.value) ? answer.value : {})) {
      values.set(key, value)
      publish(key, value)
    }
  }
  return {
    setup: () => undefined,
    teardown: () => undefined,
    load: () => (loaded ??= read()),
    async flush() {
      if (timer !== undefined) {
        clearTimeout(timer)
        write()
      }
      await writing
    },
    getItem: <T>(key: string, defaultValue?: T) => (values.has(key) ? (values.get(key) as T) : defaultValue),
    setItem: (key, value) => change(key, value),
    removeItem: (key) => change(key, undefined),
    removeItems: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).forEach((key) => change(key, undefined)),
    reset() {
      // Called at log-out: forget the person here, keep what the server has.
      clearTimeout(timer)
      timer = undefined
      loaded = undefined
      for (const key of [...values.keys()]) {
        values.delete(key)
        publish(key, undefined)
      }
    },
    subscribe(key, callback) {
      const listener = { key, callback }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    listItems: (prefix = '') => Object.fromEntries([...values].filter(([key]) => key.startsWith(prefix))),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

export const serverStore = createServerStore()
