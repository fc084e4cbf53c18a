import { Box, Button, Typography } from '@mui/material'
import { Link } from 'react-router'
import { ApiProblem } from '../api/problem.ts'

interface ProblemPageProps {
  code: string
  title: string
  /** Where trying again may help: instead of the way to the workbench, which would fail alike. */
  reload?: boolean
  children: React.ReactNode
}

const ProblemPage = ({ code, title, reload = false, children }: ProblemPageProps) => (
  <Box sx={{ maxWidth: 460, mx: 'auto', mt: 12, textAlign: 'center' }}>
    <Typography sx={{ fontSize: '3.5rem', fontWeight: 300, color: 'text.secondary', lineHeight: 1.2 }}>{code}</Typography>
    <Typography component="h1" variant="h1" sx={{ mb: 1 }}>
      {title}
    </Typography>
    <Box sx={{ color: 'text.secondary', mb: 3 }}>{children}</Box>
    {reload ? (
      <Button variant="contained" onClick={() => window.location.reload()}>
        重新载入
      </Button>
    ) : (
      <Button component={Link} to="/" variant="contained">
        回到工作台
      </Button>
    )}
  </Box>
)

export const NotFoundPage = () => (
  <ProblemPage code="404" title="没有找到此页面">
    地址有误，或链接已经失效。
  </ProblemPage>
)

export const ForbiddenPage = () => (
  <ProblemPage code="403" title="无权访问">
    您的岗位不能访问此页面。如确需办理，请联系系统管理员提出岗位变更。
  </ProblemPage>
)

/** A bug of ours on the screen: said plainly, nothing pretended, work elsewhere goes on. */
export const PageError = ({ error }: { error?: unknown }) =>
  isUnreached(error) ? (
    <ProblemPage code="—" title="页面未能载入" reload>
      网络中断，或系统刚刚更新。您已提交的办理不受影响，请检查网络后重新载入。
    </ProblemPage>
  ) : (
    <ProblemPage code="500" title="页面出错">
      此页面未能显示，您已提交的办理不受影响。请刷新；仍不能显示的，请将以下内容告知系统管理员。
      <Box component="pre" sx={{ textAlign: 'left', whiteSpace: 'pre-wrap', fontSize: '0.75rem', mt: 2 }}>
        {error instanceof Error ? error.message : ''}
      </Box>
    </ProblemPage>
  )

/** The part of the console that this page is in was not to be had: each browser says so in its own words. */
const isUnreached = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported module|module script|Failed to fetch/i.test(error.message)

/** A page whose reading failed: what the server said decides which of the three it is. */
export const ReadProblem = ({ error }: { error: unknown }) => {
  if (!(error instanceof ApiProblem)) return <PageError error={error} />
  if (error.status === 403) return <ForbiddenPage />
  if (error.status === 404) {
    return (
      <ProblemPage code="404" title="没有找到，或您无权查看">
        案件可能不存在，也可能不在您的查看范围内。
      </ProblemPage>
    )
  }
  return (
    <ProblemPage code={error.status ? String(error.status) : '—'} title={error.problem.title ?? '暂时无法读取'}>
      {error.message}
    </ProblemPage>
  )
}
