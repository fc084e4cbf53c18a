import { TextField } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call } from '../../api/client.ts'
import { useCommand } from '../../api/command-key.ts'
import { AskDialog } from '../../common/AskDialog.tsx'
import type { CaseView } from '../case-text.ts'
import { useCaseRefresh } from '../RowAction.tsx'

const WORDS = {
  NOTE: { title: '备注', hint: '备注对能看到本案的人可见，不影响办理。', done: '备注已记入办理过程' },
  URGE: { title: '催办', hint: '催办提醒当前办理人，记入办理过程。', done: '已催办' },
} as const

export const NoteDialog = ({ view, kind, onClose }: { view: CaseView; kind: 'NOTE' | 'URGE'; onClose: () => void }) => {
  const [text, setText] = useState('')
  const caseId = view.case.id
  const run = useCommand(`note:${caseId}:${kind}`)
  const refresh = useCaseRefresh(caseId)
  const notify = useNotify()
  const { title, hint, done } = WORDS[kind]
  const add = async (): Promise<void> => {
    await run((key) => call('addNote', { params: { caseId }, body: { kind, text } }, { key }))
    notify(done, { type: 'success' })
    refresh()
  }
  return (
    <AskDialog title={title} open onClose={onClose} onConfirm={add} disabled={text.trim() === ''}>
      <p>{hint}</p>
      <TextField
        autoFocus
        fullWidth
        multiline
        minRows={3}
        label={title}
        value={text}
        onChange={({ target }) => setText(target.value)}
        slotProps={{ htmlInput: { maxLength: 1000 } }}
      />
    </AskDialog>
  )
}
