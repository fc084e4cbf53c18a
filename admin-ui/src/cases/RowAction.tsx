import { Box, Button, TextField } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify, useRefresh } from 'react-admin'
import { Link as RouterLink } from 'react-router'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { textOf } from '../api/problem.ts'
import { AskDialog } from '../common/AskDialog.tsx'
import { GuardedButton, type May } from '../common/GuardedButton.tsx'
import type { CaseRow } from './case-text.ts'

/** Its words stand under the head of the column. */
const IN_LINE = { px: 0.75, ml: -0.75 }
const CLOSE = { px: 0.75, py: 0 }

/** 办理, and the soft lock beside it: take, give back, or take over with a reason. */
export const RowAction = ({ row, list }: { row: CaseRow; list: string }) => {
  if (!row.open || list !== 'todo') {
    return (
      <Button component={RouterLink} to={`/cases/${row.id}`} aria-label={`查看 ${row.caseNumber}`} sx={IN_LINE}>
        查看
      </Button>
    )
  }
  return (
    <Box sx={{ display: 'flex', gap: 0.5, whiteSpace: 'nowrap' }}>
      <Button component={RouterLink} to={`/cases/${row.id}`} aria-label={`办理 ${row.caseNumber}`} sx={IN_LINE}>
        办理
      </Button>
      <ClaimButtons task={row} />
    </Box>
  )
}

/** A task that waits for a post, with whoever has taken it. */
type Claimable = Pick<CaseRow, 'id' | 'caseNumber' | 'claimedBy' | 'claimedByMe'>

/** In a list it is not asked beforehand: who must stay away is told so when they try. */
const UNASKED: May = { allowed: true, obstacles: [] }

/** 认领, 释放 or 接手, whichever there is to do: on paper, nothing. */
export const ClaimButtons = ({ task, may = UNASKED }: { task: Claimable; may?: May }) => {
  const { busy, claim, release } = useClaim(task)
  const [takingOver, setTakingOver] = useState(false)
  const { id, caseNumber, claimedBy, claimedByMe } = task
  const look = (act: string) => ({ 'aria-label': `${act} ${caseNumber}`, className: 'no-print', sx: CLOSE })
  return (
    <>
      {!claimedBy && <GuardedButton label="认领" may={may} disabled={busy} onClick={() => void claim()} {...look('认领')} />}
      {claimedByMe && (
        <Button disabled={busy} onClick={() => void release()} color="inherit" {...look('释放')}>
          释放
        </Button>
      )}
      {claimedBy && !claimedByMe && (
        <GuardedButton label="接手" may={may} onClick={() => setTakingOver(true)} color="warning" {...look('接手')} />
      )}
      {takingOver && <TakeOverDialog caseId={id} caseNumber={caseNumber} holder={claimedBy ?? ''} onClose={() => setTakingOver(false)} />}
    </>
  )
}

function useClaim(row: Claimable): { busy: boolean; claim: () => Promise<void>; release: () => Promise<void> } {
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

const TakeOverDialog = ({
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
