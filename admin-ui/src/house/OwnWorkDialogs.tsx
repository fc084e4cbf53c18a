import { addDays, parsePlainDate } from '#contracts/dates.ts'
import { POSTS, type Post } from '#contracts/posts.ts'
import { Alert, Autocomplete, Box, MenuItem, TextField, Typography } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call, type Answer } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useMe } from '../api/session.ts'
import { personText } from '../cases/act/CopyDialog.tsx'
import { AskDialog } from '../common/AskDialog.tsx'
import { DateField } from '../common/DateField.tsx'
import { Delegations, DELEGATIONS_KEY } from './Delegations.tsx'

type StaffRow = Answer<'listStaff'>['rows'][number]

interface OwnWorkProps {
  people: readonly StaffRow[]
  onClose: () => void
}

/** 委托代理: a post of one's own for a span of days. Delegate and principal count as one person for four eyes. */
export const DelegateDialog = ({ people, onClose }: OwnWorkProps) => {
  const me = useMe()
  const today = parsePlainDate(me?.businessDate ?? '')
  const own = me?.posts.filter(({ delegatedBy }) => delegatedBy === null).map(({ post }) => post) ?? []
  const [to, setTo] = useState<StaffRow | null>(null)
  const [post, setPost] = useState<Post | ''>(own[0] ?? '')
  const [fromOn, setFromOn] = useState<string>(today ?? '')
  const [toOn, setToOn] = useState<string>(today ? addDays(today, 7) : '')
  const run = useCommand('delegate')
  const queries = useQueryClient()
  const notify = useNotify()
  const delegate = async (): Promise<void> => {
    if (!to || !post) return
    await run((key) => call('delegate', { body: { toStaffId: to.id, post, fromOn, toOn } }, { key }))
    void queries.invalidateQueries({ queryKey: DELEGATIONS_KEY })
    notify(`已委托${to.name}代理${POSTS[post]}，${fromOn} 至 ${toOn}`, { type: 'success' })
  }
  return (
    <AskDialog
      title="委托代理"
      open
      onClose={onClose}
      onConfirm={delegate}
      confirmLabel="委托"
      disabled={!to || !post || !parsePlainDate(fromOn) || !parsePlainDate(toOn) || toOn < fromOn}
    >
      <Delegations />
      <Typography component="h3" sx={{ fontWeight: 600 }}>
        新的委托
      </Typography>
      <Box sx={{ display: 'grid', gap: 1.5, mt: 1 }}>
        <PersonPicker label="代理人" people={people} value={to} onChange={setTo} />
        <TextField select label="代理的岗位" value={post} onChange={({ target }) => setPost(target.value as Post)}>
          {own.map((code) => (
            <MenuItem key={code} value={code}>
              {POSTS[code]}
            </MenuItem>
          ))}
        </TextField>
        <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1.5 }}>
          <DateField label="自" value={fromOn} onChange={setFromOn} />
          <DateField label="至" value={toOn} onChange={setToOn} />
        </Box>
        <Alert severity="info">代理人与被代理人在同一案件中视为同一人，不得分别办理两个环节。</Alert>
      </Box>
    </AskDialog>
  )
}

/** 移交待办: moves what I have claimed; cases the other is already part of stay, and are named. */
export const HandOverDialog = ({ people, onClose }: OwnWorkProps) => {
  const [to, setTo] = useState<StaffRow | null>(null)
  const [reason, setReason] = useState('')
  const run = useCommand('hand-over')
  const notify = useNotify()
  const handOver = async (): Promise<void> => {
    if (!to) return
    const answer = await run((key) => call('handOver', { body: { toStaffId: to.id, reason } }, { key }))
    const kept = answer.kept.map(({ caseNumber, reason: why }) => `${caseNumber}（${why}）`)
    const rest = kept.length > 0 ? `，${kept.length} 件未移交：${kept.join('；')}` : ''
    notify(`已移交 ${answer.moved} 件${rest}`, { type: rest ? 'warning' : 'success', autoHideDuration: 12_000 })
  }
  return (
    <AskDialog title="移交待办" open onClose={onClose} onConfirm={handOver} confirmLabel="移交" disabled={!to || reason.trim().length < 2}>
      <Box sx={{ display: 'grid', gap: 1.5, mt: 1 }}>
        <PersonPicker label="接收人" people={people} value={to} onChange={setTo} />
        <TextField
          label="理由"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          helperText="移交您已认领的全部待办；对方已参与的案件不移交。"
        />
      </Box>
    </AskDialog>
  )
}

const PersonPicker = ({
  label,
  people,
  value,
  onChange,
}: {
  label: string
  people: readonly StaffRow[]
  value: StaffRow | null
  onChange: (person: StaffRow | null) => void
}) => {
  const me = useMe()
  return (
    <Autocomplete
      options={people.filter(({ state, id }) => state === 'ACTIVE' && id !== me?.staffId)}
      value={value}
      onChange={(_, person) => onChange(person)}
      getOptionLabel={personText}
      isOptionEqualToValue={(a, b) => a.id === b.id}
      groupBy={({ orgName }) => orgName}
      noOptionsText="没有符合的人员"
      renderInput={(props) => <TextField {...props} label={label} />}
    />
  )
}
