import { Box, Button, TextField } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify, useRefresh } from 'react-admin'
import { Link as RouterLink } from 'react-router'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { textOf } from '../api/problem.ts'
import { AskDialog } from '../common/AskDialog.tsx'
import type { CaseRow } from './case-text.ts'

/** 办理, and the soft lock beside it: take, give back, or take over with a reason. */
export const RowAction = ({ row, list }: { row: CaseRow; list: string }) => {
  const { busy, claim, release } = useClaim(row)
  const [takingOver, setTakingOver] = useState(false)
  if (!row.open || list !== 'todo') {
    return (
      <Button component={RouterLink} to={`/cases/${row.id}`} aria-label={`查看 ${row.caseNumber}`}>
        查看
      </Button>
    )
  }
  return (
    <Box sx={{ display: 'flex', whiteSpace: 'nowrap' }}>
      <Button component={RouterLink} to={`/cases/${row.id}`} aria-label={`办理 ${row.caseNumber}`}>
        办理
      </Button>
      {!row.claimedBy && (
        <Button disabled={busy} onClick={() => void claim()} aria-label={`认领 ${row.caseNumber}`}>
          认领
        </Button>
      )}
      {row.claimedByMe && (
        <Button disabled={busy} onClick={() => void release()} aria-label={`释放 ${row.caseNumber}`} color="inherit">
          释放
        </Button>
      )}
      {row.claimedBy && !row.claimedByMe && (
        <Button color="warning" onClick={() => setTakingOver(true)} aria-label={`接手 ${row.caseNumber}`}>
          接手
        </Button>
      )}
      {takingOver && (
        <TakeOverDialog caseId={row.id} caseNumber={row.caseNumber} holder={row.claimedBy ?? ''} onClose={() => setTakingOver(false)} />
      )}
    </Box>
  )
}

function useClaim(row: CaseRow): { busy: boolean; claim: () => Promise<void>; release: () => Promise<void> } {
  const [busy, setBusy] = useState(false)
  const run = useCommand(`claim:${row.id}`)
  const refresh = useCaseRefresh(row.id)
  const notify = useNotify()
  const act = async (command: (key: string) => Promise<unknown>): Promise<void> => {
    setBusy(true)
    try {
      await run(command)
    } catch (problem) {
      notify(textOf(problem), { type: 'warning' })
    } finally {
      setBusy(false)
      refresh()
    }
  }
  const params = { caseId: row.id }
  return {
    busy,
    claim: () => act((key) => call('claim', { params, body: {} }, { key })),
    release: () => act((key) => call('release', { params, body: {} }, { key })),
  }
}

export const TakeOverDialog = ({
  caseId,
  caseNumber,
  holder,
  onClose,
}: {
  caseId: string
  caseNumber: string
  holder: string
  onClose: () => void
}) => {
  const [reason, setReason] = useState('')
  const run = useCommand(`take-over:${caseId}`)
  const refresh = useCaseRefresh(caseId)
  const takeOver = async (): Promise<void> => {
    await run((key) => call('claim', { params: { caseId }, body: { takeOverReason: reason } }, { key }))
    refresh()
  }
  return (
    <AskDialog
      title={`接手 ${caseNumber}`}
      open
      onClose={onClose}
      onConfirm={takeOver}
      confirmLabel="接手"
      disabled={reason.trim().length < 2}
      width="xs"
    >
      <p>{holder}正在办理此案。接手须说明理由，理由记入留痕。</p>
      <TextField autoFocus fullWidth multiline minRows={2} label="理由" value={reason} onChange={({ target }) => setReason(target.value)} />
    </AskDialog>
  )
}

/** After anything that concerns a case: its page, the counts and the list on the screen. */
export function useCaseRefresh(caseId: string): () => void {
  const queries = useQueryClient()
  const refresh = useRefresh()
  return () => {
    for (const queryKey of [['case', caseId], ['counts'], ['desk']]) void queries.invalidateQueries({ queryKey })
    refresh()
  }
}
