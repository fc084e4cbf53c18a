import { createElement, useState } from 'react'
import { useNotify } from 'react-admin'
import { useNavigate } from 'react-router'
import { call } from '../../api/client.ts'
import { useCommand } from '../../api/command-key.ts'
import { STAGE_TABLES, type ActionView, type CaseView } from '../case-text.ts'
import { useCaseRefresh } from '../RowAction.tsx'
import { bodyOf, type DecisionDraft } from './decision-draft.ts'
import { DoneNote } from './DoneNote.tsx'

interface Deciding {
  readonly decide: (draft: DecisionDraft, openNext: boolean) => Promise<void>
  readonly busy: boolean
  readonly error: unknown
}

/**
 * Sends a decision and, when it has taken effect, opens the next case of the officer's list. A stale or conflicting answer keeps the panel
 * and its text open; the case behind it is read again, so that the officer sees what changed.
 */
export function useDecide(view: CaseView, action: ActionView, seenVersion: number, discard: () => void, close: () => void): Deciding {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const { id: caseId, kind, caseNumber } = view.case
  const run = useCommand(`decide:${caseId}:${action.action}`)
  const refresh = useCaseRefresh(caseId)
  const notify = useNotify()
  const navigate = useNavigate()
  const decide = async (draft: DecisionDraft, openNext: boolean): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const body = bodyOf(view, action, draft)
      const result = await run((key) => call('decide', { params: { caseId }, body }, { key, version: seenVersion }))
      discard()
      close()
      const stageLabel = result.stage ? (STAGE_TABLES[kind][result.stage]?.label ?? '') : ''
      const next = openNext ? await nextCase(caseId) : undefined
      refresh()
      if (next) await navigate(`/cases/${next.id}`)
      notify(
        createElement(DoneNote, { caseId, caseNumber, done: action.label, stageLabel, ...(next ? { nextNumber: next.caseNumber } : {}) }),
        { autoHideDuration: 8000 },
      )
    } catch (problem) {
      setError(problem)
      refresh()
    } finally {
      setBusy(false)
    }
  }
  return { decide, busy, error }
}

async function nextCase(caseId: string): Promise<{ id: string; caseNumber: string } | undefined> {
  // Nothing is lost when the list cannot be read: the officer stays where the decision was made.
  const todo = await call('listTasks', { params: { list: 'todo' }, query: { limit: 2 } }).catch(() => ({ rows: [] }))
  return todo.rows.find(({ id }) => id !== caseId)
}
