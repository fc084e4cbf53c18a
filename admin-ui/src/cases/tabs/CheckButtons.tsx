import { Box, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call } from '../../api/client.ts'
import { useCommand } from '../../api/command-key.ts'
import { textOf } from '../../api/problem.ts'
import { AskDialog } from '../../common/AskDialog.tsx'
import { useCaseRefresh } from '../RowAction.tsx'

type CheckState = 'VERIFIED' | 'MISSING' | 'MISMATCH'

const CHOICES: readonly (readonly [CheckState, string, 'success' | 'error'])[] = [
  ['VERIFIED', '已核', 'success'],
  ['MISSING', '缺', 'error'],
  ['MISMATCH', '不符', 'error'],
]

interface CheckButtonsProps {
  caseId: string
  documentId: string
  /** As it stands; neither of the choices while nobody has looked. */
  state: CheckState | 'UNCHECKED'
  name: string
}

/** 已核 needs no word; 缺 and 不符 do, because the applicant will be told. */
export const CheckButtons = ({ caseId, documentId, state, name }: CheckButtonsProps) => {
  const [asking, setAsking] = useState<CheckState>()
  const [remark, setRemark] = useState('')
  const run = useCommand(`check:${documentId}`)
  const refresh = useCaseRefresh(caseId)
  const notify = useNotify()
  const check = async (found: CheckState, words: string): Promise<void> => {
    await run((key) => call('checkDocument', { params: { documentId }, body: { state: found, remark: words } }, { key }))
    refresh()
  }
  return (
    <Box component="span">
      <ToggleButtonGroup
        exclusive
        size="small"
        value={state}
        aria-label={`核对${name}`}
        onChange={(_, found: CheckState | null) => {
          // Pressed again, a choice stays as it is: what has been found is not taken back by a slip.
          if (found === 'VERIFIED') check(found, '').catch((problem: unknown) => notify(textOf(problem), { type: 'warning' }))
          else if (found) {
            setRemark('')
            setAsking(found)
          }
        }}
      >
        {CHOICES.map(([code, label, color]) => (
          <ToggleButton
            key={code}
            value={code}
            color={color}
            aria-label={`${name}：${label}`}
            sx={{ px: 1, py: 0.125, color: 'text.primary', fontSize: '0.75rem', '&.Mui-selected': { fontWeight: 600 } }}
          >
            {label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
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
            helperText="将随补正告知申请人，请写明缺什么、何处不符。"
            value={remark}
            onChange={({ target }) => setRemark(target.value)}
            sx={{ mt: 1 }}
          />
        </AskDialog>
      )}
    </Box>
  )
}
