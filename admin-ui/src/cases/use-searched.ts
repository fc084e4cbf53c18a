import { useCallback, useState } from 'react'
import { searchedPlace } from '../api/searched.ts'

/**
 * What a list is searched for: a name, perhaps. Kept in the tab for as long as the person is signed in, and neither in the address, which is
 * written down in many places, nor among the queries that are saved.
 * @returns the words, empty where nothing is searched for, and how to search for others
 */
export function useSearched(list: string): [words: string, search: (words: string) => void] {
  const [words, setWords] = useState(() => sessionStorage.getItem(searchedPlace(list)) ?? '')
  const search = useCallback(
    (next: string) => {
      const trimmed = next.trim()
      if (trimmed) sessionStorage.setItem(searchedPlace(list), trimmed)
      else sessionStorage.removeItem(searchedPlace(list))
      setWords(trimmed)
    },
    [list],
  )
  return [words, search]
}
