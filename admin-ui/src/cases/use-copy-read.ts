import { useEffect } from 'react'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import type { CaseView } from './case-text.ts'
import { useCaseRefresh } from './RowAction.tsx'

/** Opening a case that was copied to me is reading it (阅知). Should that fail, the case stays unread and the next opening tells again. */
export function useCopyRead({ case: { id: caseId }, copyUnread }: CaseView): void {
  const run = useCommand(`copy-read:${caseId}`)
  const refresh = useCaseRefresh(caseId)
  useEffect(() => {
    if (!copyUnread) return
    run((key) => call('readCopy', { params: { caseId }, body: {} }, { key })).then(refresh, () => undefined)
    // Once for each time it turns out unread: `refresh` is new with every rendering.
  }, [caseId, copyUnread])
}
