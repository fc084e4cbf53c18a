import { Alert, Box, TextField } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call } from '../api/client.ts'
import { AskDialog } from '../common/AskDialog.tsx'

const LENGTH_MIN = 12

/** 修改密码: one's own, with the old one, as at the door. */
export const PasswordDialog = ({ onClose }: { onClose: () => void }) => {
  const [oldPassword, setOld] = useState('')
  const [newPassword, setNew] = useState('')
  const [repeated, setRepeated] = useState('')
  const notify = useNotify()
  const change = async (): Promise<void> => {
    await call('changePassword', { body: { oldPassword, newPassword } })
    notify('密码已修改，本人在其他地方的登录已失效', { type: 'success' })
  }
  const differs = repeated !== '' && repeated !== newPassword
  return (
    <AskDialog
      title="修改密码"
      open
      onClose={onClose}
      onConfirm={change}
      confirmLabel="修改"
      disabled={!oldPassword || newPassword.length < LENGTH_MIN || repeated !== newPassword}
      width="xs"
    >
      <Box sx={{ display: 'grid', gap: 2, mt: 1 }}>
        <SecretField label="原密码" value={oldPassword} autoComplete="current-password" autoFocus onChange={setOld} />
        <SecretField
          label="新密码"
          value={newPassword}
          autoComplete="new-password"
          helperText={`不少于${LENGTH_MIN}位，不得包含工号`}
          onChange={setNew}
        />
        <SecretField
          label="再次输入新密码"
          value={repeated}
          autoComplete="new-password"
          error={differs}
          {...(differs ? { helperText: '两次输入的新密码不一致' } : {})}
          onChange={setRepeated}
        />
        <Alert severity="info">修改后，本人在其他电脑上的登录随即失效。</Alert>
      </Box>
    </AskDialog>
  )
}

interface SecretFieldProps {
  label: string
  value: string
  autoComplete: 'current-password' | 'new-password'
  onChange: (value: string) => void
  helperText?: string
  error?: boolean
  autoFocus?: boolean
}

const SecretField = ({ autoComplete, onChange, ...field }: SecretFieldProps) => (
  <TextField
    {...field}
    fullWidth
    type="password"
    onChange={({ target }) => onChange(target.value)}
    slotProps={{ inputLabel: { shrink: true }, htmlInput: { autoComplete, maxLength: 200 } }}
  />
)
