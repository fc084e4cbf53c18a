import { Box, Button, TextField } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call } from '../../api/client.ts'
import { useCommand } from '../../api/command-key.ts'
import { textOf } from '../../api/problem.ts'
import { AskDialog } from '../../common/AskDialog.tsx'
import { useCaseRefresh } from '../RowAction.tsx'

type CheckState = 'VERIFIED' | 'MISSING' | 'MISMATCH'

const CHOICES: readonly (readonly [CheckState, string])[] = [
  ['VERIFIED', '已核'],
  ['MISSING', '缺'],
  ['MISMATCH', '不符'],
]

/** 已核 needs no word; 缺 and 不符 do, because the applicant will be told. */
export const CheckButtons = ({ caseId, documentId, name }: { caseId: string; documentId: string; name: string }) => {
  const [asking, setAsking] = useState<CheckState>()
  const [remark, setRemark] = useState('')
  const run = useCommand(`check:${documentId}`)
  const refresh = useCaseRefresh(caseId)
  const notify = useNotify()
  const check = async (state: CheckState, words: string): Promise<void> => {
    await run((key) => call('checkDocument', { params: { documentId }, body: { state, remark: words } }, { key }))
    refresh()
  }
  return (
    <Box component="span" sx={{ ml: 0.5 }}>
      {CHOICES.map(([state, label]) => (
        <Button
          key={state}
          aria-label={`${name}：${label}`}
          sx={{ px: 0.75, py: 0 }}
          onClick={() => {
            if (state === 'VERIFIED') check(state, '').catch((problem: unknown) => notify(textOf(problem), { type: 'warning' }))
            else setAsking(state)
          }}
        >
          {label}
        </Button>
      ))}
      {asking && (
        <AskDialog
          title={`${name}：${asking === 'MISSING' ? '缺' : '不符'}`}
          open
          onClose={() => setAsking(undefined)}
          onConfirm={() => check(asking, remark)}
          disabled={remark.trim() === ''}
          width="xs"
        >
          <TextField
            autoFocus
            fullWidth
            multiline
            minRows={2}
            label="说明"
            value={remark}
            onChange={({ target }) => setRemark(target.value)}
            sx={{ mt: 1 }}
          />
        </AskDialog>
      )}
    </Box>
  )
}
