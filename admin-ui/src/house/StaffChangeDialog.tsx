import { POSTS, type Post } from '#contracts/posts.ts'
import { Box, MenuItem, TextField } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { useNavigate } from 'react-router'
import { call, type Answer, type Request } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useCall } from '../api/use-call.ts'
import { AskDialog } from '../common/AskDialog.tsx'

type StaffRow = Answer<'listStaff'>['rows'][number]
type Change = Request<'proposeStaffChange'>['body']['change']

const CHANGES: Readonly<Record<Change, string>> = {
  GRANT_POST: '授予岗位',
  REVOKE_POST: '撤销岗位',
  LOCK: '锁定账号',
  UNLOCK: '解除锁定',
  LEAVE: '离岗',
}

/** A proposal only: it becomes a case of its own, and nothing changes before the security administrator confirms. */
export const StaffChangeDialog = ({ person, onClose }: { person: StaffRow; onClose: () => void }) => {
  const [change, setChange] = useState<Change>('GRANT_POST')
  const [post, setPost] = useState<Post | ''>('')
  const [orgId, setOrgId] = useState(person.orgId)
  const [reason, setReason] = useState('')
  const { data: orgs } = useCall(['orgs'], 'listOrgs', {})
  const run = useCommand(`staff-change:${person.id}`)
  const notify = useNotify()
  const navigate = useNavigate()
  const aboutPost = change === 'GRANT_POST' || change === 'REVOKE_POST'
  const choices = postChoices(person, change, orgId)
  const propose = async (): Promise<void> => {
    const body = { staffId: person.id, change, reason, ...(aboutPost && post ? { post, postOrgId: orgId } : {}) }
    const { caseId } = await run((key) => call('proposeStaffChange', { body }, { key }))
    notify('已提出变更，须安全管理员确认后生效', { type: 'success' })
    if (caseId) await navigate(`/cases/${caseId}`)
  }
  return (
    <AskDialog
      title={`提出变更：${person.name}（${person.staffNumber}）`}
      open
      onClose={onClose}
      onConfirm={propose}
      confirmLabel="提出"
      disabled={reason.trim().length < 4 || (aboutPost && !post)}
    >
      <Box sx={{ display: 'grid', gap: 1.5, mt: 1 }}>
        <TextField select label="变更" value={change} onChange={({ target }) => setChange(target.value as Change)}>
          {(Object.keys(CHANGES) as Change[]).map((code) => (
            <MenuItem key={code} value={code}>
              {CHANGES[code]}
            </MenuItem>
          ))}
        </TextField>
        {aboutPost && (
          <>
            <TextField select label="机构" value={orgs ? orgId : ''} onChange={({ target }) => setOrgId(target.value)}>
              {(orgs?.rows ?? []).map(({ orgId: code, name }) => (
                <MenuItem key={code} value={code}>
                  {name}
                </MenuItem>
              ))}
            </TextField>
            <TextField
              select
              label="岗位"
              value={choices.some((code) => code === post) ? post : ''}
              onChange={({ target }) => setPost(target.value as Post)}
            >
              {choices.map((code) => (
                <MenuItem key={code} value={code}>
                  {POSTS[code]}
                </MenuItem>
              ))}
            </TextField>
          </>
        )}
        <TextField
          multiline
          minRows={2}
          label="理由"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          helperText="不少于4个字。不相容岗位由系统核对，须另一人确认后生效。"
        />
      </Box>
    </AskDialog>
  )
}

/** Posts that may be taken away are those held there; posts that may be given are the others. */
function postChoices(person: StaffRow, change: Change, orgId: string): Post[] {
  const held = person.posts.filter((one) => one.orgId === orgId).map(({ post }) => post)
  return change === 'REVOKE_POST' ? held : (Object.keys(POSTS) as Post[]).filter((post) => !held.includes(post))
}
