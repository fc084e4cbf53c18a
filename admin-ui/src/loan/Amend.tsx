import { Alert, Box, Button } from '@mui/material'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { useNavigate, useParams } from 'react-router'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useCall } from '../api/use-call.ts'
import { useCaseRefresh } from '../cases/RowAction.tsx'
import { ReadProblem } from '../layout/Problems.tsx'
import type { May } from '../common/GuardedButton.tsx'
import { PageHead } from '../common/PageHead.tsx'
import { Panel } from '../common/Panel.tsx'
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
  const [begun, setBegun] = useState<string>()
  const error = view.error ?? application.error
  if (error) return <ReadProblem error={error} />
  if (!view.data || !application.data) return <Box sx={{ p: 6, textAlign: 'center' }}>正在读取申请…</Box>
  const { caseNumber, stageLabel, stageVersion } = view.data.case
  const may = view.data.canAmend ?? NOT_HERE
  if (may.allowed && begun !== caseId) setBegun(caseId)
  const head = <PageHead title="更正申请内容" trail={[[caseNumber, `/cases/${caseId}`]]} hint={stageLabel} />
  const back = (
    <Button color="inherit" onClick={() => void navigate(`/cases/${caseId}`)}>
      返回案件
    </Button>
  )
  if (!may.allowed && begun !== caseId) {
    return (
      <>
        {head}
        <Panel title="现在不能更正" actions={back}>
          <Obstacles may={may} />
        </Panel>
      </>
    )
  }
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
      {head}
      {/* What was typed while it was still allowed is not taken away; saving it is what the server refuses. */}
      {!may.allowed && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          现在不能保存更正：
          <Obstacles may={may} />
        </Alert>
      )}
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
        footActions={back}
      />
    </>
  )
}

/** Where the stage has no correcting at all, nobody may, whoever they are. */
const NOT_HERE: May = { allowed: false, obstacles: [{ code: 'CONFLICT', text: '本环节不能更正申请内容' }] }

/** Every reason, not the first. */
const Obstacles = ({ may }: { may: May }) => (
  <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
    {may.obstacles.map(({ code, text }) => (
      <li key={code + text}>{text}</li>
    ))}
  </Box>
)
