import { POSTS, type Post } from '#contracts/posts.ts'
import { STAFF_CHANGES, type StaffChangeWord } from '#contracts/staff-change.ts'
import { Alert, Box, MenuItem, TextField } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { useNotify } from 'react-admin'
import { useNavigate } from 'react-router'
import { call, type Answer } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useCall } from '../api/use-call.ts'
import { AskDialog } from '../common/AskDialog.tsx'
import { ParticularsFields, RelativeFields } from '../staff-change/ParticularsFields.tsx'
import { contentOf, nothingTyped, type TypedChange } from '../staff-change/typed-change.ts'

type StaffRow = Answer<'listStaff'>['rows'][number]

/** A proposal only: it becomes a case of its own, and nothing changes before the security administrator confirms. */
export const StaffChangeDialog = ({ person, onClose }: { person: StaffRow; onClose: () => void }) => {
  const [change, setChange] = useState<StaffChangeWord>('GRANT_POST')
  const [typed, setTyped] = useState(nothingTyped(person.orgId))
  const [reason, setReason] = useState('')
  const { data: means } = useCall(['session', 'means'], 'signInMeans', {})
  const run = useCommand(`staff-change:${person.id}`)
  const notify = useNotify()
  const navigate = useNavigate()
  const choices = postChoices(person, change, typed.orgId)
  const content = contentOf(change, typed, choices)
  const propose = async (): Promise<void> => {
    const body = { staffId: person.id, change, reason, ...content }
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
      disabled={reason.trim().length < 4 || !content}
    >
      <Box sx={{ display: 'grid', gap: 1.5, mt: 1 }}>
        <TextField select label="变更" value={change} onChange={({ target }) => setChange(target.value as StaffChangeWord)}>
          {changesOffered(means?.oidc ?? false).map((code) => (
            <MenuItem key={code} value={code}>
              {STAFF_CHANGES[code]}
            </MenuItem>
          ))}
        </TextField>
        <ContentFields change={change} value={typed} choices={choices} onChange={(part) => setTyped({ ...typed, ...part })} />
        <TextField
          multiline
          minRows={2}
          label="理由"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          helperText={`不少于4个字。${change === 'GRANT_POST' ? '不相容岗位由系统核对，' : ''}须另一人确认后生效。`}
        />
      </Box>
    </AskDialog>
  )
}

interface ContentFieldsProps {
  change: StaffChangeWord
  value: TypedChange
  choices: readonly Post[]
  onChange: (typed: Partial<TypedChange>) => void
}

/** What the change asks for besides its reason. */
const ContentFields = ({ change, value, choices, onChange }: ContentFieldsProps) => {
  const { data: orgs } = useCall(['orgs'], 'listOrgs', {})
  switch (change) {
    case 'GRANT_POST':
    case 'REVOKE_POST':
      return (
        <PostFields
          orgs={orgs?.rows}
          orgId={value.orgId}
          choices={choices}
          post={value.post}
          onOrg={(orgId) => onChange({ orgId })}
          onPost={(post) => onChange({ post })}
        />
      )
    case 'SET_PARTICULARS':
      return <ParticularsFields value={value} onChange={onChange} />
    case 'ADD_RELATIVE':
    case 'END_RELATIVE':
      return <RelativeFields value={value} onChange={onChange} declared={change === 'ADD_RELATIVE'} />
    case 'BIND_IDENTITY':
      return (
        <TextField
          label="统一身份账号"
          value={value.subject}
          onChange={({ target }) => onChange({ subject: target.value })}
          helperText="该人员在统一身份认证平台的唯一标识，由平台管理员提供"
          slotProps={{ htmlInput: { maxLength: 255, autoComplete: 'off' } }}
        />
      )
    case 'RESET_PASSWORD':
      return (
        <Alert severity="info">
          确认生效后，原密码和该人员的全部登录随即失效；初始密码只向确认人显示一次，由其当面交给本人，首次登录须设置新密码。
        </Alert>
      )
    default:
      return null
  }
}

/** Where there is no identity provider, there is nothing to bind; and who joins is not in the list this dialog is opened from. */
const changesOffered = (oidc: boolean): StaffChangeWord[] =>
  (Object.keys(STAFF_CHANGES) as StaffChangeWord[]).filter(
    (code) => code !== 'JOIN' && (oidc || (code !== 'BIND_IDENTITY' && code !== 'UNBIND_IDENTITY')),
  )

interface PostFieldsProps {
  orgs: Answer<'listOrgs'>['rows'] | undefined
  orgId: string
  choices: readonly Post[]
  post: Post | ''
  /** Offered where somebody may do without. */
  none?: ReactNode
  onOrg: (orgId: string) => void
  onPost: (post: Post) => void
}

/** Which post, and where. */
export const PostFields = ({ orgs, orgId, choices, post, none, onOrg, onPost }: PostFieldsProps) => (
  <>
    <TextField select label="机构" value={orgs ? orgId : ''} onChange={({ target }) => onOrg(target.value)}>
      {(orgs ?? []).map(({ orgId: code, name }) => (
        <MenuItem key={code} value={code}>
          {name}
        </MenuItem>
      ))}
    </TextField>
    <TextField
      select
      label="岗位"
      value={choices.some((code) => code === post) ? post : ''}
      onChange={({ target }) => onPost(target.value as Post)}
    >
      {none}
      {choices.map((code) => (
        <MenuItem key={code} value={code}>
          {POSTS[code]}
        </MenuItem>
      ))}
    </TextField>
  </>
)

/** Posts that may be taken away are those held there; posts that may be given are the others. */
function postChoices(person: StaffRow, change: StaffChangeWord, orgId: string): Post[] {
  const held = person.posts.filter((one) => one.orgId === orgId).map(({ post }) => post)
  return change === 'REVOKE_POST' ? held : (Object.keys(POSTS) as Post[]).filter((post) => !held.includes(post))
}
