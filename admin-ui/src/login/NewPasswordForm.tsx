import { Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import { ProblemAlert } from '../common/ProblemAlert.tsx'
import { LoginBox, LoginField } from './LoginForm.tsx'

const LENGTH_MIN = 12

interface NewPasswordFormProps {
  busy: boolean
  error: unknown
  onSubmit: (newPassword: string) => void
  onBack: () => void
}

/** 设置新密码: whoever came with an initial password leaves it here; nobody else has seen the one that follows. */
export const NewPasswordForm = ({ busy, error, onSubmit, onBack }: NewPasswordFormProps) => {
  const [newPassword, setNew] = useState('')
  const [repeated, setRepeated] = useState('')
  const differs = repeated !== '' && repeated !== newPassword
  return (
    <LoginBox onSubmit={() => onSubmit(newPassword)}>
      <Typography component="h2" variant="h2">
        设置新密码
      </Typography>
      <Box>您使用的是初始密码。请设置只有您本人知道的新密码，设置后初始密码随即失效。</Box>
      <LoginField
        label="新密码"
        name="new-password"
        type="password"
        value={newPassword}
        helperText={`不少于${LENGTH_MIN}位，不得包含工号`}
        autoFocus
        onChange={setNew}
      />
      <LoginField
        label="再次输入新密码"
        name="new-password"
        id="new-password-again"
        type="password"
        value={repeated}
        error={differs}
        {...(differs ? { helperText: '两次输入的新密码不一致' } : {})}
        onChange={setRepeated}
      />
      {error !== undefined && <ProblemAlert error={error} />}
      <Button
        type="submit"
        variant="contained"
        size="medium"
        disabled={busy || newPassword.length < LENGTH_MIN || repeated !== newPassword}
      >
        {busy ? '正在设置…' : '设置新密码'}
      </Button>
      <Button disabled={busy} onClick={onBack}>
        返回
      </Button>
    </LoginBox>
  )
}
