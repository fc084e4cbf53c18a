import { Alert, Box, Button, Link } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useNotify } from 'react-admin'
import { Link as RouterLink, useNavigate, useSearchParams } from 'react-router'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useCall } from '../api/use-call.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { PageHead } from '../common/PageHead.tsx'
import { emptyForm, formOfDraft, type ApplicationBody } from './form-model.ts'
import { FormPage } from './FormPage.tsx'
import { useAutosave } from './use-autosave.ts'

/** 新建贷款申请: a new form, or a draft taken up again; its id is part of the address, so that F5 loses nothing. */
export const LoanCreate = () => {
  const [search] = useSearchParams()
  const [fresh] = useState(() => crypto.randomUUID())
  const named = search.get('draft')
  const draftId = named ?? fresh
  const draft = useCall(
    ['draft', draftId],
    'readDraft',
    { params: { draftId } },
    { enabled: named !== null && named !== fresh, staleTime: Infinity },
  )
  if (draft.error) return <ReadProblem error={draft.error} />
  if (named !== null && named !== fresh && !draft.data) return <Box sx={{ p: 6, textAlign: 'center' }}>正在读取草稿…</Box>
  const content = draft.data?.content
  const initial = typeof content === 'object' && content !== null ? formOfDraft(content as Record<string, unknown>) : emptyForm()
  return <NewLoan key={draftId} draftId={draftId} initial={initial} isNew={named === null} />
}

const NewLoan = ({ draftId, initial, isNew }: { draftId: string; initial: ReturnType<typeof emptyForm>; isNew: boolean }) => {
  const navigate = useNavigate()
  const notify = useNotify()
  const queries = useQueryClient()
  const [, setSearch] = useSearchParams()
  const run = useCommand(`submit:${draftId}`)
  const { save, status, saved, stop } = useAutosave(draftId)
  useEffect(() => {
    if (saved) setSearch({ draft: draftId }, { replace: true })
  }, [saved, draftId, setSearch])
  const forget = async (): Promise<void> => {
    await stop()
    await call('discardDraft', { params: { draftId } }).catch(() => undefined)
    await queries.invalidateQueries({ queryKey: ['drafts'] })
  }
  const submit = async (body: ApplicationBody): Promise<void> => {
    const { caseId, caseNumber } = await run((key) => call('submit', { body }, { key }))
    await forget()
    for (const queryKey of [['counts'], ['desk']]) void queries.invalidateQueries({ queryKey })
    notify(`已提交，案号 ${caseNumber}`, { type: 'success' })
    await navigate(`/cases/${caseId}?tab=documents`)
  }
  return (
    <>
      <PageHead title="新建贷款申请" trail={[['住房贷款', `/cases?filter=${encodeURIComponent('{"kind":"loan"}')}`]]} />
      {isNew && <OtherDrafts />}
      <FormPage
        initial={initial}
        submitLabel="提交申请"
        onSubmit={submit}
        onChange={save}
        footNote={status}
        footActions={
          <Button color="inherit" onClick={() => void forget().then(() => navigate('/'))}>
            丢弃草稿
          </Button>
        }
      />
    </>
  )
}

const OtherDrafts = () => {
  const { data } = useCall(['drafts'], 'listDrafts', {})
  if (!data || data.rows.length === 0) return null
  return (
    <Alert severity="info" sx={{ mb: 1.5 }}>
      您有 {data.rows.length} 份未提交的草稿：
      {data.rows.slice(0, 5).map(({ id, title }) => (
        <Link key={id} component={RouterLink} to={`/loan/create?draft=${id}`} sx={{ mr: 1.5 }}>
          {title || '未命名'}
        </Link>
      ))}
    </Alert>
  )
}
