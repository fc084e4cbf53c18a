import { POSTS, type Post } from '#contracts/posts.ts'
import { useEffect } from 'react'
import { useNavigationType, useSearchParams } from 'react-router'
import { useComposedText } from '../common/use-composed.ts'

interface StaffFilter {
  readonly text: string
  readonly inputProps: ReturnType<typeof useComposedText>['inputProps']
  /** What has been typed, but for pinyin that is still being composed. */
  readonly q: string
  readonly post: Post | ''
  readonly choosePost: (post: string) => void
}

const isPost = (code: string): code is Post => Object.hasOwn(POSTS, code)

/** Who is looked for, kept in the address: after F5, and for whoever gets it sent, the same people are there. */
export function useStaffFilter(): StaffFilter {
  const [search, setSearch] = useSearchParams()
  const navigation = useNavigationType()
  const kept = search.get('q') ?? ''
  const post = search.get('post') ?? ''
  const { text, settled, set, inputProps } = useComposedText(kept)
  const q = settled.trim()
  const keep = (part: Record<string, string>): void => {
    const all = { ...Object.fromEntries(search), ...part }
    setSearch(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')), { replace: true })
  }
  // Typing leads the address; a link, or the way back, leads what is typed.
  useEffect(() => {
    if (q !== kept) keep({ q })
  }, [q])
  useEffect(() => {
    if (navigation !== 'REPLACE' && q !== kept) set(kept)
  }, [search])
  return { text, inputProps, q, post: isPost(post) ? post : '', choosePost: (code) => keep({ post: code }) }
}
