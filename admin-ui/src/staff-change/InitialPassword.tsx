import { Alert, Box, Button } from '@mui/material'
import { useState } from 'react'
import { call, type Answer } from '../api/client.ts'
import { Part } from '../cases/tabs/ApplicationTab.tsx'
import { ProblemAlert } from '../common/ProblemAlert.tsx'

/** 初始密码: asked for once, by the one who confirmed, and kept by this page alone: it is in no list that is read again. */
export const InitialPassword = ({ caseId, waits }: { caseId: string; waits: boolean }) => {
  const [told, setTold] = useState<Answer<'takeInitialPassword'>>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const take = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      setTold(await call('takeInitialPassword', { params: { caseId }, body: {} }))
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  if (!waits && !told && error === undefined) return null
  return (
    <Part title="初始密码">
      {told ? (
        <Alert severity="warning" icon={false}>
          工号 {told.staffNumber}
          <Box
            component="code"
            aria-label="初始密码"
            sx={{ display: 'block', my: 1, fontSize: '1.25rem', letterSpacing: '0.08em', userSelect: 'all', color: 'text.primary' }}
          >
            {told.password}
          </Box>
          请当面交给本人，本页关闭后不再显示。本人首次登录须设置新密码。
        </Alert>
      ) : (
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
          <Button variant="contained" onClick={() => void take()} disabled={busy || !waits}>
            {busy ? '正在生成…' : '显示初始密码'}
          </Button>
          <Box sx={{ color: 'text.secondary' }}>只显示一次，请在本人到场后再显示；一小时内有效，逾期须另行提出重置。</Box>
        </Box>
      )}
      {error !== undefined && <ProblemAlert error={error} />}
    </Part>
  )
}
