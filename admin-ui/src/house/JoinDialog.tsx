import { checkIdNumber } from '#contracts/identity.ts'
import { POSTS, type Post } from '#contracts/posts.ts'
import { Alert, Box, MenuItem, TextField } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { useNavigate } from 'react-router'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useMe } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { AskDialog } from '../common/AskDialog.tsx'
import { IdNumberInput, UnitPicker } from '../staff-change/ParticularsFields.tsx'
import type { Unit } from '../staff-change/typed-change.ts'
import { PostFields } from './StaffChangeDialog.tsx'

const NOBODY = { staffNumber: '', name: '', idNumber: '', employer: null as Unit | null, post: '' as Post | '', reason: '' }

/** 入职: a proposal like every change of rights. Nobody has come before the security administrator has confirmed it. */
export const JoinDialog = ({ onClose }: { onClose: () => void }) => {
  const me = useMe()
  const [typed, setTyped] = useState({ ...NOBODY, orgId: me?.orgId ?? '' })
  const set = (part: Partial<typeof typed>): void => setTyped({ ...typed, ...part })
  const { staffNumber, name, idNumber, employer, orgId, post, reason } = typed
  const { data: orgs } = useCall(['orgs'], 'listOrgs', {})
  const run = useCommand('staff-change:join')
  const notify = useNotify()
  const navigate = useNavigate()
  const ofOurs = orgs?.rows.filter(({ reportingEntity }) => reportingEntity === me?.reportingEntity)
  const propose = async (): Promise<void> => {
    const body = { change: 'JOIN' as const, newcomer: newcomerOf(typed), reason, ...(post ? { post, postOrgId: orgId } : {}) }
    const { caseId } = await run((key) => call('proposeStaffChange', { body }, { key }))
    notify('已提出入职，须安全管理员确认后生效', { type: 'success' })
    if (caseId) await navigate(`/cases/${caseId}`)
  }
  return (
    <AskDialog
      title="提出人员入职"
      open
      onClose={onClose}
      onConfirm={propose}
      confirmLabel="提出"
      disabled={!staffNumber.trim() || name.trim().length < 2 || !checkIdNumber(idNumber.trim()).ok || !orgId || reason.trim().length < 4}
    >
      <Box sx={{ display: 'grid', gap: 1.5, mt: 1 }}>
        <TextField
          label="工号"
          value={staffNumber}
          onChange={({ target }) => set({ staffNumber: target.value.toUpperCase() })}
          helperText="一个大写字母和4位数字，离岗人员用过的工号不得再用"
          slotProps={{ htmlInput: { maxLength: 5, autoComplete: 'off' } }}
        />
        <TextField
          label="姓名"
          value={name}
          onChange={({ target }) => set({ name: target.value })}
          slotProps={{ htmlInput: { maxLength: 40, autoComplete: 'off' } }}
        />
        <IdNumberInput value={idNumber} onChange={(text) => set({ idNumber: text })} hint="与证件一致；加密保存，据以判断回避" />
        <UnitPicker
          value={employer}
          onChange={(unit) => set({ employer: unit })}
          hint="本中心以外的，如派出单位，没有的留空；与借款家庭同一单位的，应当回避"
        />
        <PostFields
          orgs={ofOurs}
          orgId={orgId}
          choices={Object.keys(POSTS) as Post[]}
          post={post}
          none={<MenuItem value="">暂不任职</MenuItem>}
          onOrg={(id) => set({ orgId: id })}
          onPost={(code) => set({ post: code })}
        />
        <TextField
          multiline
          minRows={2}
          label="理由"
          value={reason}
          onChange={({ target }) => set({ reason: target.value })}
          helperText="不少于4个字，注明人事依据。"
        />
        <Alert severity="info">确认后，初始密码只向确认人显示一次，由其当面交给本人；本人首次登录须设置新密码。</Alert>
      </Box>
    </AskDialog>
  )
}

const newcomerOf = ({ staffNumber, name, orgId, idNumber, employer }: typeof NOBODY & { orgId: string }) => ({
  staffNumber: staffNumber.trim(),
  name: name.trim(),
  orgId,
  idNumber: idNumber.trim(),
  ...(employer ? { employerUnitId: employer.unitId } : {}),
})
