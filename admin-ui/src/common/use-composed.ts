import { useRef, useState, type ChangeEvent } from 'react'

/**
 * Text whose half-typed pinyin is shown but not acted upon: `settled` follows `text` except while a Chinese input method is composing.
 * For every input that filters or looks up as one types.
 */
export function useComposedText(initial = ''): {
  text: string
  settled: string
  set: (text: string) => void
  inputProps: {
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void
    onCompositionStart: () => void
    onCompositionEnd: () => void
  }
} {
  const [text, setText] = useState(initial)
  const [settled, setSettled] = useState(initial)
  const composing = useRef(false)
  const latest = useRef(initial)
  const set = (next: string): void => {
    latest.current = next
    setText(next)
    if (!composing.current) setSettled(next)
  }
  return {
    text,
    settled,
    set,
    inputProps: {
      onChange: ({ target }) => set(target.value),
      onCompositionStart: () => void (composing.current = true),
      onCompositionEnd: () => {
        composing.current = false
        set(latest.current)
      },
    },
  }
}
