import { Alert, Box, Button, Typography } from '@mui/material'
import { useState } from 'react'
import type { Answer } from '../api/client.ts'
import { ProblemAlert } from '../common/ProblemAlert.tsx'
import { CodeField, LoginBox } from './LoginForm.tsx'

interface EnrolmentFormProps {
  shown: Answer<'beginEnrolment'>
  busy: boolean
  error: unknown
  onSubmit: (oneTimeCode: string) => void
  onBack: () => void
}

/** 启用动态口令: the secret is shown here and nowhere again; it counts when the telephone has shown its first code. */
export const EnrolmentForm = ({ shown, busy, error, onSubmit, onBack }: EnrolmentFormProps) => {
  const [code, setCode] = useState('')
  return (
    <LoginBox onSubmit={() => onSubmit(code)}>
      <Typography component="h2" variant="h2">
        启用动态口令
      </Typography>
      <Box>您的岗位涉及资金或权限，登录须使用动态口令。请用手机上的动态口令软件扫描二维码。</Box>
      <Box
        component="img"
        src={shown.image}
        alt="动态口令密钥的二维码"
        sx={{ width: 200, height: 200, justifySelf: 'center', bgcolor: '#fff', borderRadius: 1 }}
      />
      <Box>
        无法扫描时，在软件中手工输入密钥：
        <Box component="code" sx={{ display: 'block', mt: 0.5, fontSize: '0.9375rem', letterSpacing: '0.04em', userSelect: 'all' }}>
          {shown.secret.match(/.{1,4}/g)?.join(' ')}
        </Box>
      </Box>
      <Alert severity="warning">密钥只在此显示一次，请勿截屏或转发。手机遗失的，须由系统管理员提出、安全管理员确认重置后重新启用。</Alert>
      <CodeField value={code} helperText="输入软件当前显示的6位数字，以确认启用" autoFocus onChange={setCode} />
      {error !== undefined && <ProblemAlert error={error} />}
      <Button type="submit" variant="contained" size="medium" disabled={busy || code.length !== 6}>
        {busy ? '正在确认…' : '启用并登录'}
      </Button>
      <Button disabled={busy} onClick={onBack}>
        返回
      </Button>
    </LoginBox>
  )
}
