import {
  Box,
  Button,
  Link,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { Link as RouterLink, useSearchParams } from 'react-router'
import { maySee } from '../api/auth-provider.ts'
import { call, type Answer } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { useMe } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { AskDialog } from '../common/AskDialog.tsx'
import { minuteText } from '../common/figures.ts'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'
import { Tag, type Tone } from '../common/Tag.tsx'

type Incident = Answer<'listIncidents'>['rows'][number]

const STATES: Readonly<Record<Incident['state'], { label: string; tone: Tone }>> = {
  OPEN: { label: '未处理', tone: 'bad' },
  RETRIED: { label: '已重试', tone: 'warn' },
  CLOSED: { label: '已关闭', tone: 'good' },
}

const KINDS: Readonly<Record<string, string>> = {
  NOTICE_UNMATCHED: '银行通知对不上',
  PAYMENT_CONTRADICTED: '划款结果矛盾',
  OUTBOX_PARKED: '流程未能启动',
  MESSAGE_PARKED: '消息发不出',
  NOTICE_UNDELIVERED: '告知书未送达',
  CASE_STUCK: '流程停滞',
  DECISION_BROKEN: '办理出错',
  CALENDAR_UNKNOWN: '工作日历未载入',
  AUDIT_HEADS_DISAGREE: '封签与库外留存不符',
}

/** 异常: what stopped, what could not be sent, what did not match. Each can be retried, with a reason that is kept. */
export const Incidents = () => {
  const me = useMe()
  const [search, setSearch] = useSearchParams()
  const state = (Object.keys(STATES) as Incident['state'][]).find((one) => one === search.get('state')) ?? 'OPEN'
  const { data, error } = useCall(['incidents', state], 'listIncidents', { query: { state } })
  const [retrying, setRetrying] = useState<Incident>()
  if (error) return <ReadProblem error={error} />
  return (
    <>
      <PageHead
        title="异常"
        trail={[['管理']]}
        actions={
          <ToggleButtonGroup
            exclusive
            size="small"
            value={state}
            onChange={(_, next: string | null) => next && setSearch({ state: next })}
            aria-label="状态"
          >
            {(Object.keys(STATES) as Incident['state'][]).map((code) => (
              <ToggleButton key={code} value={code} sx={{ py: 0.375, px: 1.5, textTransform: 'none', color: 'text.primary' }}>
                {STATES[code].label}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        }
      />
      <Panel flush title={data ? `共 ${data.total} 项` : '正在读取…'}>
        {data && data.rows.length === 0 && <Empty>没有{STATES[state].label}的异常。</Empty>}
        {data && data.rows.length > 0 && <IncidentTable rows={data.rows} mayRetry={maySee('incidents.retry', me)} onRetry={setRetrying} />}
      </Panel>
      {retrying && <RetryDialog incident={retrying} onClose={() => setRetrying(undefined)} />}
    </>
  )
}

const IncidentTable = ({
  rows,
  mayRetry,
  onRetry,
}: {
  rows: readonly Incident[]
  mayRetry: boolean
  onRetry: (incident: Incident) => void
}) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        {['类别', '案号', '说明', '发生时间', '状态', ...(mayRetry ? ['操作'] : [])].map((label) => (
          <TableCell key={label}>{label}</TableCell>
        ))}
      </TableRow>
    </TableHead>
    <TableBody>
      {rows.map((row) => (
        <TableRow key={row.id} hover>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{KINDS[row.kind] ?? row.kind}</TableCell>
          <TableCell>
            {row.caseId ? (
              <Link component={RouterLink} to={`/cases/${row.caseId}`} underline="hover" sx={{ whiteSpace: 'nowrap' }}>
                {row.caseNumber}
              </Link>
            ) : (
              '—'
            )}
          </TableCell>
          <TableCell>
            {row.detail}
            <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', overflowWrap: 'anywhere' }}>{row.reference}</Box>
          </TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{minuteText(row.createdAt)}</TableCell>
          <TableCell>
            <Tag tone={STATES[row.state].tone}>{STATES[row.state].label}</Tag>
          </TableCell>
          {mayRetry && (
            <TableCell>
              {row.state === 'OPEN' && (
                <Button
                  onClick={() => onRetry(row)}
                  aria-label={`重试 ${KINDS[row.kind] ?? row.kind}${row.caseNumber ? ` ${row.caseNumber}` : ''}`}
                >
                  重试
                </Button>
              )}
            </TableCell>
          )}
        </TableRow>
      ))}
    </TableBody>
  </Table>
)

const RetryDialog = ({ incident, onClose }: { incident: Incident; onClose: () => void }) => {
  const [reason, setReason] = useState('')
  const run = useCommand(`retry:${incident.id}`)
  const queries = useQueryClient()
  const notify = useNotify()
  const retry = async (): Promise<void> => {
    await run((key) => call('retryIncident', { params: { incidentId: incident.id }, body: { reason } }, { key }))
    await queries.invalidateQueries({ queryKey: ['incidents'] })
    notify('已安排重试', { type: 'success' })
  }
  return (
    <AskDialog
      title={`重试：${KINDS[incident.kind] ?? incident.kind}`}
      open
      onClose={onClose}
      onConfirm={retry}
      confirmLabel="重试"
      disabled={reason.trim().length < 2}
      width="xs"
    >
      <p>{incident.detail}</p>
      <TextField autoFocus fullWidth multiline minRows={2} label="理由" value={reason} onChange={({ target }) => setReason(target.value)} />
    </AskDialog>
  )
}
