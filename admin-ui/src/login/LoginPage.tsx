import { Alert, Box, Paper, Typography } from '@mui/material'
import { useEffect, useState } from 'react'
import { call } from '../api/client.ts'
import { wasLost } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { DemoPeople } from './DemoPeople.tsx'
import { EnrolmentForm } from './EnrolmentForm.tsx'
import { CodeForm, LoginForm, type PasswordValues } from './LoginForm.tsx'
import { NewPasswordForm } from './NewPasswordForm.tsx'
import { useSignIn } from './use-sign-in.ts'

const EMPTY: PasswordValues = { staffNumber: '', password: '', oneTimeCode: '' }

/** By number, password and one-time code, or by the identity provider; in a demo city its people stand beside, by organisation and post. */
export const LoginPage = () => {
  const [values, setValues] = useState(EMPTY)
  const signIn = useSignIn()
  const { data: demo } = useCall(['demo', 'people'], 'demoPeople', {})
  useEffect(() => {
    document.title = '登录 · 安居'
  }, [])

  const fill = async (staffNumber: string): Promise<void> => {
    signIn.startOver()
    try {
      const { password, oneTimeCode } = await call('demoCode', { body: { staffNumber } })
      setValues({ staffNumber, password, oneTimeCode: oneTimeCode ?? '' })
    } catch (problem) {
      signIn.tell(problem)
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
        <SessionEnded />
        <Doorway values={values} onChange={setValues} signIn={signIn} />
        <BrowserFloor />
      </Box>
      {demo?.demo && <DemoPeople people={demo.people} chosen={values.staffNumber} onChoose={(staffNumber) => void fill(staffNumber)} />}
    </Box>
  )
}

interface DoorwayProps {
  values: PasswordValues
  onChange: (values: PasswordValues) => void
  signIn: ReturnType<typeof useSignIn>
}

/** The step at which the log-in stands. */
const Doorway = ({ values, onChange, signIn }: DoorwayProps) => {
  const { step, busy, error } = signIn
  const { data: means } = useCall(['session', 'means'], 'signInMeans', {})
  const enter = (): void => {
    const { oneTimeCode, ...rest } = values
    void signIn.enter(oneTimeCode ? { ...rest, oneTimeCode } : rest)
  }
  const second = {
    busy,
    error,
    onSubmit: (secondFactor: string) => void signIn.enter({ secondFactor }),
    onBack: signIn.startOver,
  }
  switch (step.at) {
    case 'FORM': {
      const onProvider = means?.oidc ? () => void signIn.leaveForProvider() : undefined
      return <LoginForm values={values} busy={busy} error={error} onChange={onChange} onSubmit={enter} onProvider={onProvider} />
    }
    case 'PROVIDER':
      return <Paper sx={{ p: 3, width: '100%', maxWidth: 340 }}>正在通过统一身份认证登录…</Paper>
    case 'CODE':
      return <CodeForm {...second} lead={step.after === 'PROVIDER' ? '统一身份认证已通过。' : '新密码已设置。'} />
    case 'NEW_PASSWORD':
      return <NewPasswordForm {...second} onSubmit={(newPassword) => void signIn.enter({ newPassword })} />
    case 'ENROLMENT':
      return <EnrolmentForm {...second} shown={step.shown} />
  }
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

/** Whoever did not leave of their own accord is told what happened, and that nothing is lost by it. */
const SessionEnded = () =>
  wasLost() && (
    <Alert severity="info" sx={{ mb: 2, maxWidth: 340 }}>
      登录已失效：已超过时限、已退出，或者权限、密码有变更。请重新登录。
    </Alert>
  )

/** The floor is said before anybody wonders why a button does nothing. */
const BrowserFloor = () => (
  <Box sx={{ mt: 'auto', pt: 4, fontSize: '0.75rem', color: '#b9c8de', lineHeight: 1.8, maxWidth: 340 }}>
    请使用 Chrome、Edge 109 以上或同内核的浏览器。
    {!modernEnough() && (
      <Alert severity="warning" sx={{ mt: 1 }}>
        当前浏览器版本过低，部分功能可能无法使用，请升级后再登录。
      </Alert>
    )}
  </Box>
)

/** A feature that arrived with the floor, rather than a version the browser claims to have. */
const modernEnough = (): boolean => 'structuredClone' in window && 'findLast' in Array.prototype && CSS.supports('selector(:has(a))')
