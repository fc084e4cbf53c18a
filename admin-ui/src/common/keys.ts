import { useEffect, useRef, type RefObject } from 'react'

/** Keys of a page: `j`, `?`, `/`, `mod+k`, or two in a row: `g t`. */
export type KeyMap = Readonly<Record<string, () => void>>

const SEQUENCE_MS = 900
const maps: RefObject<KeyMap>[] = []
let pending: { key: string; at: number } | undefined

/** Whether the person is writing: keys belong to the text, and during Chinese composition even Enter does. */
function isWriting({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** On the frame of a dialog that has been closed and is still fading out. */
const LEAVING = 'data-leaving'
export const markLeaving = (frame: HTMLElement): void => frame.setAttribute(LEAVING, '')
export const unmarkLeaving = (frame: HTMLElement): void => frame.removeAttribute(LEAVING)

/** Whether a dialog stands before the page. One that is only fading out takes no more keys: whoever closed it goes on at once. */
const isCovered = (): boolean =>
  [...document.querySelectorAll('[aria-modal="true"]')].some((dialog) => dialog.closest(`[${LEAVING}]`) === null)

function listen(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const mod = event.ctrlKey || event.metaKey
  if (!mod && (isWriting(event) || isCovered())) return
  const name = mod ? `mod+${event.key.toLowerCase()}` : event.key
  const sequence = !mod && pending && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${name}` : undefined
  pending = mod ? undefined : { key: name, at: event.timeStamp }
  // The page's own keys come before the house's.
  const handlers = [...maps].reverse().map(({ current }) => (sequence ? current[sequence] : undefined) ?? current[name])
  const handler = handlers.find((one) => one !== undefined)
  if (!handler) return
  event.preventDefault()
  handler()
}

/** Listens while the component is on the page. No key decides anything: keys open, move and close. */
export function useKeys(map: KeyMap): void {
  const current = useRef(map)
  current.current = map
  useEffect(() => {
    if (maps.length === 0) window.addEventListener('keydown', listen)
    maps.push(current)
    return () => {
      maps.splice(maps.indexOf(current), 1)
      if (maps.length === 0) window.removeEventListener('keydown', listen)
    }
  }, [])
}
