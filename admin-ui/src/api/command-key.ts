import { useCallback, useRef } from 'react'
import { isAnswer } from './problem.ts'

const PREFIX = 'anju.command.'

/**
 * Runs a command under the key of its dialog. The key lives in the tab's session storage until the server has answered, so that a retry
 * after a lost connection, or after F5, is the same command and can never act twice.
 */
export async function runCommand<T>(dialog: string, command: (key: string) => Promise<T>): Promise<T> {
  const place = PREFIX + dialog
  const key = sessionStorage.getItem(place) ?? crypto.randomUUID()
  sessionStorage.setItem(place, key)
  try {
    const answer = await command(key)
    sessionStorage.removeItem(place)
    return answer
  } catch (error) {
    if (isAnswer(error)) sessionStorage.removeItem(place)
    throw error
  }
}

/** The same for a component that is one dialog. */
export function useCommand(dialog: string): <T>(command: (key: string) => Promise<T>) => Promise<T> {
  const name = useRef(dialog)
  name.current = dialog
  return useCallback((command) => runCommand(name.current, command), [])
}
