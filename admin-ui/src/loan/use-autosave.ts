import { maskName } from '#contracts/masking.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '../api/client.ts'
import { clockText } from '../common/figures.ts'
import type { LoanForm } from './form-model.ts'

const SAVE_AFTER_MS = 1500

interface Autosave {
  readonly save: (form: LoanForm) => void
  /** What the officer reads at the foot of the form. */
  readonly status: string
  /** Whether the server has it. */
  readonly saved: boolean
  /** Ends it for good. What is under way comes to its end first, and nobody hears of it: the form is on its way to somewhere else. */
  readonly stop: () => Promise<void>
}

/** Saves the form as a draft when the typing pauses, one save after the other. The server keeps it: another desk can take it up. */
export function useAutosave(draftId: string): Autosave {
  const queries = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stopped = useRef(false)
  const underWay = useRef<Promise<void>>(Promise.resolve())
  const [status, setStatus] = useState('填写内容自动保存为草稿')
  const [saved, setSaved] = useState(false)
  const write = useCallback(
    async (form: LoanForm): Promise<void> => {
      if (stopped.current) return
      setStatus('正在保存草稿…')
      try {
        await call('writeDraft', { params: { draftId }, body: { kind: 'loan', title: titleOf(form), content: { ...form } } })
        if (stopped.current) return
        setSaved(true)
        setStatus(`草稿已保存 ${clockText()}`)
        void queries.invalidateQueries({ queryKey: ['drafts'] })
      } catch {
        setStatus('草稿未能保存，继续填写时会再试')
      }
    },
    [draftId, queries],
  )
  const save = useCallback(
    (form: LoanForm) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void (underWay.current = underWay.current.then(() => write(form))), SAVE_AFTER_MS)
    },
    [write],
  )
  const stop = useCallback(() => {
    stopped.current = true
    clearTimeout(timer.current)
    return underWay.current
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  return { save, status, saved, stop }
}

/** A draft's title shows no more of a person than a list may. */
const titleOf = ({ borrower, amountFen }: LoanForm): string =>
  [maskName(borrower.name.trim()), amountFen.trim() && `${amountFen.trim()}元`].filter(Boolean).join(' ') || '未命名'
