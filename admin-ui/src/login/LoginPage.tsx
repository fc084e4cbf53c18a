import { Alert, Box, Button, Paper, TextField, Typography } from '@mui/material'
import { useEffect, useState, type FormEvent } from 'react'
import { useLogin } from 'react-admin'
import type { Credentials } from '../api/auth-provider.ts'
import { call } from '../api/client.ts'
import { ApiProblem, textOf } from '../api/problem.ts'
import { useCall } from '../api/use-call.ts'
import { DemoPeople } from './DemoPeople.tsx'

const EMPTY: Required<Credentials> = { staffNumber: '', password: '', oneTimeCode: '' }

/** 工号、密码、动态口令; in a demo city its people stand beside, by organisation and post. */
export const LoginPage = () => {
  const [values, setValues] = useState(EMPTY)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const login = useLogin()
  const { data: demo } = useCall(['demo', 'people'], 'demoPeople', {})
  useEffect(() => {
    document.title = '登录 · 安居'
  }, [])

  const submit = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    const { oneTimeCode, ...rest } = values
    try {
      await login(oneTimeCode ? { ...rest, oneTimeCode } : rest)
    } catch (problem) {
      setError(problem)
      setBusy(false)
    }
  }
  const fill = async (staffNumber: string): Promise<void> => {
    setError(undefined)
    try {
      const { password, oneTimeCode } = await call('demoCode', { body: { staffNumber } })
      setValues({ staffNumber, password, oneTimeCode: oneTimeCode ?? '' })
    } catch (problem) {
      setError(problem)
    }
  }
  return (
    <Box
      component="main"
      sx={{
        minHeight: '100vh',
        display: 'grid',
        gridTemplateColumns: { xs: '1fr', md: demo?.demo ? '420px 1fr' : '1fr' },
        bgcolor: 'background.default',
      }}
    >
      <Box
        sx={{
          bgcolor: '#14305a',
          color: '#fff',
          display: 'flex',
          flexDirection: 'column',
          px: 5,
          py: 5,
          ...(demo?.demo ? {} : { alignItems: 'center' }),
        }}
      >
        <Brand />
        <LoginForm values={values} busy={busy} error={error} onChange={setValues} onSubmit={() => void submit()} />
        <BrowserFloor />
      </Box>
      {demo?.demo && <DemoPeople people={demo.people} chosen={values.staffNumber} onChoose={(staffNumber) => void fill(staffNumber)} />}
    </Box>
  )
}

const Brand = () => (
  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, mb: 4 }}>
    <img src="/mark.svg" alt="" width="44" height="44" />
    <Box>
      <Typography component="h1" sx={{ fontSize: '1.5rem', fontWeight: 600, letterSpacing: '0.12em', lineHeight: 1.3 }}>
        安居
      </Typography>
      <Box sx={{ color: '#d7e1f0' }}>住房公积金审批后台</Box>
    </Box>
  </Box>
)

interface LoginFormProps {
  values: Required<Credentials>
  busy: boolean
  error: unknown
  onChange: (values: Required<Credentials>) => void
  onSubmit: () => void
}

const LoginForm = ({ values, busy, error, onChange, onSubmit }: LoginFormProps) => {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <Paper component="form" noValidate onSubmit={submit} sx={{ p: 3, display: 'grid', gap: 2, width: '100%', maxWidth: 340 }}>
      <Field
        label="工号"
        name="username"
        value={values.staffNumber}
        autoFocus
        onChange={(staffNumber) => onChange({ ...values, staffNumber })}
      />
      <Field
        label="密码"
        name="current-password"
        type="password"
        value={values.password}
        onChange={(password) => onChange({ ...values, password })}
      />
      <Field
        label="动态口令"
        name="one-time-code"
        value={values.oneTimeCode}
        helperText="资金、权限岗位必填，6位数字"
        onChange={(oneTimeCode) => onChange({ ...values, oneTimeCode: oneTimeCode.replace(/\D/g, '').slice(0, 6) })}
      />
      {error !== undefined && <Alert severity="error">{error instanceof ApiProblem ? error.message : textOf(error)}</Alert>}
      <Button type="submit" variant="contained" size="medium" disabled={busy || !values.staffNumber || !values.password}>
        {busy ? '正在登录…' : '登录'}
      </Button>
    </Paper>
  )
}

/** The floor is said before anybody wonders why a button does nothing. */
const BrowserFloor = () => (
  <Box sx={{ mt: 'auto', pt: 4, fontSize: '0.75rem', color: '#b9c8de', lineHeight: 1.8, maxWidth: 340 }}>
    须使用 Chrome、Edge 109 及以上，或同等内核的国产浏览器。
    {!modernEnough() && (
      <Alert severity="warning" sx={{ mt: 1 }}>
        当前浏览器版本过低，部分功能可能无法使用，请升级后再登录。
      </Alert>
    )}
  </Box>
)

interface FieldProps {
  label: string
  name: string
  value: string
  onChange: (value: string) => void
  type?: string
  helperText?: string
  autoFocus?: boolean
}

const Field = ({ name, onChange, ...field }: FieldProps) => (
  <TextField
    {...field}
    fullWidth
    id={name}
    onChange={({ target }) => onChange(target.value)}
    slotProps={{
      inputLabel: { shrink: true },
      htmlInput: { autoComplete: name, ...(name === 'one-time-code' ? { inputMode: 'numeric' } : {}) },
    }}
  />
)

/** A feature that arrived with the floor, rather than a version the browser claims to have. */
const modernEnough = (): boolean => 'structuredClone' in window && 'findLast' in Array.prototype && CSS.supports('selector(:has(a))')
