import { Box, Button, Divider, Paper, TextField } from '@mui/material'
import { useState, type FormEvent, type ReactNode } from 'react'
import { ProblemAlert } from '../common/ProblemAlert.tsx'

export interface PasswordValues {
  staffNumber: string
  password: string
  oneTimeCode: string
}

interface LoginFormProps {
  values: PasswordValues
  busy: boolean
  error: unknown
  onChange: (values: PasswordValues) => void
  onSubmit: () => void
  /** Offered where the house has an identity provider. */
  onProvider: (() => void) | undefined
}

/** 工号、密码、动态口令. */
export const LoginForm = ({ values, busy, error, onChange, onSubmit, onProvider }: LoginFormProps) => (
  <LoginBox onSubmit={onSubmit}>
    <LoginField
      label="工号"
      name="username"
      value={values.staffNumber}
      autoFocus
      onChange={(staffNumber) => onChange({ ...values, staffNumber })}
    />
    <LoginField
      label="密码"
      name="current-password"
      type="password"
      value={values.password}
      onChange={(password) => onChange({ ...values, password })}
    />
    <CodeField
      value={values.oneTimeCode}
      helperText="资金、权限岗位必填，6位数字"
      onChange={(oneTimeCode) => onChange({ ...values, oneTimeCode })}
    />
    {error !== undefined && <ProblemAlert error={error} />}
    <Button type="submit" variant="contained" size="medium" disabled={busy || !values.staffNumber || !values.password}>
      {busy ? '正在登录…' : '登录'}
    </Button>
    {onProvider && (
      <>
        <Divider>或</Divider>
        <Button variant="outlined" size="medium" disabled={busy} onClick={onProvider}>
          统一身份认证登录
        </Button>
      </>
    )}
  </LoginBox>
)

interface CodeFormProps {
  /** What has been done so far. */
  lead: string
  busy: boolean
  error: unknown
  onSubmit: (oneTimeCode: string) => void
  onBack: () => void
}

/** The other half of a log-in whose first half is done: vouched for by the identity provider, or begun with an initial password. */
export const CodeForm = ({ lead, busy, error, onSubmit, onBack }: CodeFormProps) => {
  const [code, setCode] = useState('')
  return (
    <LoginBox onSubmit={() => onSubmit(code)}>
      <Box>{lead}您的岗位涉及资金或权限，请再输入本系统的动态口令。</Box>
      <CodeField value={code} helperText="动态口令软件当前显示的6位数字" autoFocus onChange={setCode} />
      {error !== undefined && <ProblemAlert error={error} />}
      <Button type="submit" variant="contained" size="medium" disabled={busy || code.length !== 6}>
        {busy ? '正在登录…' : '登录'}
      </Button>
      <Button disabled={busy} onClick={onBack}>
        返回
      </Button>
    </LoginBox>
  )
}

/** A form on the log-in page, sent by Enter as by its button. */
export const LoginBox = ({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) => {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <Paper component="form" noValidate onSubmit={submit} sx={{ p: 3, display: 'grid', gap: 2, width: '100%', maxWidth: 340 }}>
      {children}
    </Paper>
  )
}

interface LoginFieldProps {
  label: string
  name: string
  /** Where two fields of a form have one name. */
  id?: string
  value: string
  onChange: (value: string) => void
  type?: string
  helperText?: string
  error?: boolean
  autoFocus?: boolean
}

export const LoginField = ({ name, id = name, onChange, ...field }: LoginFieldProps) => (
  <TextField
    {...field}
    fullWidth
    id={id}
    onChange={({ target }) => onChange(target.value)}
    slotProps={{
      inputLabel: { shrink: true },
      htmlInput: { autoComplete: name, ...(name === 'one-time-code' ? { inputMode: 'numeric' } : {}) },
    }}
  />
)

/** Six digits, however they are typed or pasted. */
export const CodeField = ({ onChange, ...field }: Omit<LoginFieldProps, 'label' | 'name' | 'type'>) => (
  <LoginField {...field} label="动态口令" name="one-time-code" onChange={(text) => onChange(text.replace(/\D/g, '').slice(0, 6))} />
)
