import { Alert, AlertTitle, Box } from '@mui/material'
import { ApiProblem, textOf } from '../api/problem.ts'
import { minuteText } from './figures.ts'

/** What went wrong, in the server's own words: all that stands against it, each field that is wrong, and who was quicker. */
export const ProblemAlert = ({ error }: { error: unknown }) => {
  const problem = error instanceof ApiProblem ? error.problem : undefined
  const severity = error instanceof ApiProblem && error.status >= 400 && error.status < 500 ? 'warning' : 'error'
  return (
    <Alert severity={severity} role="alert" sx={{ my: 1 }}>
      <AlertTitle sx={{ fontSize: '0.875rem' }}>{problem?.title ?? '操作没有成功'}</AlertTitle>
      {problem?.detail && problem.detail !== problem.title && <div>{problem.detail}</div>}
      {!problem && <div>{textOf(error)}</div>}
      {problem?.decided_by && (
        <div>
          {problem.decided_by}
          {problem.decided_at ? `已于 ${minuteText(problem.decided_at)} 办理` : '已办理'}。您填写的内容仍保留在此。
        </div>
      )}
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {problem?.errors?.map(({ pointer, detail }) => (
          <li key={pointer + detail}>{detail}</li>
        ))}
      </Box>
      {problem?.request_id && <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>请求编号 {problem.request_id}</Box>}
    </Alert>
  )
}
