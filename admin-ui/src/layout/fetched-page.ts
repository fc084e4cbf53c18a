import { createElement, lazy, useState, type ComponentType, type FunctionComponent } from 'react'

/** A page whose code is fetched when it is first shown, or before that. */
export type FetchedPage = FunctionComponent & { readonly fetch: () => Promise<ComponentType> }

/**
 * A page that is there at once where its code has been fetched already. While it has not, something else stands in its place, and that stays
 * for a third of a second at least, however soon the code arrives: so that nothing flickers.
 */
export function fetched(load: () => Promise<ComponentType>): FetchedPage {
  let there: ComponentType | undefined
  const fetch = async (): Promise<ComponentType> => (there ??= await load())
  const Later = lazy(async () => ({ default: await fetch() }))
  const Page = () => {
    // Held: a page that has begun in one way keeps what was typed into it.
    const [Now] = useState(() => there ?? Later)
    return createElement(Now)
  }
  return Object.assign(Page, { fetch })
}
