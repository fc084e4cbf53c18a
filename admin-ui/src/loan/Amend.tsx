import { Alert, Box, Button } from '@mui/material'
import { useNotify } from 'react-admin'
import { useNavigate, useParams } from 'react-router'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useCall } from '../api/use-call.ts'
import { useCaseRefresh } from '../cases/RowAction.tsx'
import { ReadProblem } from '../layout/Problems.tsx'
import { PageHead } from '../common/PageHead.tsx'
import { formOf, type ApplicationBody } from './form-model.ts'
import { FormPage } from './FormPage.tsx'

/** 更正: a new version of the application, against the version of the case the officer was looking at. */
export const LoanAmend = () => {
  const { caseId = '' } = useParams()
  const view = useCall(['case', caseId], 'readCase', { params: { caseId } })
  const application = useCall(['case', caseId, 'application'], 'readApplication', { params: { caseId } }, { staleTime: Infinity })
  const navigate = useNavigate()
  const notify = useNotify()
  const refresh = useCaseRefresh(caseId)
  const run = useCommand(`amend:${caseId}`)
  const error = view.error ?? application.error
  if (error) return <ReadProblem error={error} />
  if (!view.data || !application.data) return <Box sx={{ p: 6, textAlign: 'center' }}>正在读取申请…</Box>
  const { caseNumber, stageLabel, stageVersion } = view.data.case
  const { form, covered } = formOf(application.data.content)
  const amend = async (body: ApplicationBody): Promise<void> => {
    const { version } = await run((key) => call('amend', { params: { caseId }, body }, { key, version: stageVersion }))
    refresh()
    notify(`更正已保存为第 ${version} 版，请重新提交`, { type: 'success' })
    await navigate(`/cases/${caseId}`)
  }
  const wants = view.data.wants.filter(({ satisfied }) => !satisfied)
  return (
    <>
      <PageHead title="更正申请内容" trail={[[caseNumber, `/cases/${caseId}`]]} hint={stageLabel} />
      {wants.length > 0 && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          待补正：{wants.map(({ item, reason }) => `${item}（${reason}）`).join('；')}
        </Alert>
      )}
      <FormPage
        initial={form}
        covered={covered}
        submitLabel="保存更正"
        onSubmit={amend}
        amending={caseId}
        footNote={`更正第 ${application.data.version} 版，保存后形成新版本`}
        footActions={
          <Button color="inherit" onClick={() => void navigate(`/cases/${caseId}`)}>
            返回案件
          </Button>
        }
      />
    </>
  )
}
