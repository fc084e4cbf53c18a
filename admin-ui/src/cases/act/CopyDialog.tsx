import { POSTS } from '#contracts/posts.ts'
import { Autocomplete, TextField } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call, type Answer } from '../../api/client.ts'
import { useCommand } from '../../api/command-key.ts'
import { useCall } from '../../api/use-call.ts'
import { AskDialog } from '../../common/AskDialog.tsx'
import type { CaseView } from '../case-text.ts'
import { useCaseRefresh } from '../RowAction.tsx'

type StaffRow = Answer<'listStaff'>['rows'][number]

export const CopyDialog = ({ view, onClose }: { view: CaseView; onClose: () => void }) => {
  const { data } = useCall(['staff', ''], 'listStaff', { query: {} })
  const [people, setPeople] = useState<readonly StaffRow[]>([])
  const [remark, setRemark] = useState('')
  const caseId = view.case.id
  const run = useCommand(`copy:${caseId}`)
  const refresh = useCaseRefresh(caseId)
  const notify = useNotify()
  const copy = async (): Promise<void> => {
    const { copied } = await run((key) =>
      call('copyTo', { params: { caseId }, body: { staffIds: people.map(({ id }) => id), remark } }, { key }),
    )
    notify(`已抄送 ${copied} 人`, { type: 'success' })
    refresh()
  }
  return (
    <AskDialog title="抄送" open onClose={onClose} onConfirm={copy} confirmLabel="抄送" disabled={people.length === 0}>
      <p>抄送只供知悉，不改变办理权限；对方仍须有权查看本案。</p>
      <Autocomplete
        multiple
        options={data?.rows.filter(({ state }) => state === 'ACTIVE') ?? []}
        value={[...people]}
        onChange={(_, value) => setPeople(value)}
        getOptionLabel={personText}
        isOptionEqualToValue={(a, b) => a.id === b.id}
        groupBy={({ orgName }) => orgName}
        noOptionsText="没有符合的人员"
        renderInput={(props) => <TextField {...props} label="抄送给" autoFocus />}
      />
      <TextField
        fullWidth
        label="说明（可不填）"
        value={remark}
        onChange={({ target }) => setRemark(target.value)}
        sx={{ mt: 1.5 }}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
    </AskDialog>
  )
}

export const personText = ({ name, staffNumber, posts }: StaffRow): string =>
  `${name}（${staffNumber}${posts.length > 0 ? `，${posts.map(({ post }) => POSTS[post]).join('、')}` : ''}）`
