import type { Post } from '#contracts/posts.ts'
import { useSyncExternalStore } from 'react'
import { call, type Answer } from './client.ts'

export type Me = Answer<'readSession'>

let me: Me | undefined
const listeners = new Set<() => void>()

/** The signed-in person, as the server told it; undefined before the first answer and after log-out. */
export const currentMe = (): Me | undefined => me

export function setMe(next: Me | undefined): void {
  me = next
  for (const listener of listeners) listener()
}

let lost = false

/** The session has ended without its person having left: the log-in page says so, until somebody has come in. */
export function loseMe(): void {
  lost = lost || me !== undefined
  setMe(undefined)
}

/** Whether somebody who was signed in has been put out by the server, whatever its reason, and nobody has come in since. */
export const wasLost = (): boolean => lost

/** Asks the server who is signed in, once per page load. @throws ApiProblem 401 when nobody is. */
export async function loadMe(): Promise<Me> {
  if (!me) {
    setMe(await call('readSession', {}))
    lost = false
  }
  return me ?? Promise.reject(new Error('no session'))
}

export async function reloadMe(): Promise<void> {
  setMe(await call('readSession', {}))
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The signed-in person, inside pages that need one. */
export function useMe(): Me | undefined {
  return useSyncExternalStore(subscribe, currentMe)
}

export const holds = (person: Me | undefined, ...posts: readonly Post[]): boolean =>
  person?.posts.some(({ post }) => posts.includes(post)) ?? false
