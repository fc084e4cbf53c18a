import { Box, Button, Link, Table, TableBody, TableCell, TableHead, TableRow, ToggleButton, ToggleButtonGroup } from '@mui/material'
import { incidentWord } from '#contracts/incidents.ts'
import { useState } from 'react'
import { Link as RouterLink, useSearchParams } from 'react-router'
import { call } from '../api/client.ts'
import { usePages } from '../api/use-pages.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { minuteText } from '../common/figures.ts'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'
import { countText, ShowMore } from '../common/ShowMore.tsx'
import { Tag, type Tone } from '../common/Tag.tsx'
import { FindingLine } from './FindingLine.tsx'
import { HANDLINGS, IncidentDialog, type Incident } from './IncidentDialog.tsx'

const STATES: Readonly<Record<Incident['state'], { label: string; tone: Tone }>> = {
  OPEN: { label: '未处理', tone: 'bad' },
  RETRIED: { label: '已重试', tone: 'warn' },
  CLOSED: { label: '已关闭', tone: 'good' },
}

/** 异常: what stopped, what could not be sent, what did not match. What can be tried again is retried, the rest is looked into and settled. */
export const Incidents = () => {
  const [search, setSearch] = useSearchParams()
  const state = (Object.keys(STATES) as Incident['state'][]).find((one) => one === search.get('state')) ?? 'OPEN'
  const { data, error, more } = usePages(['incidents', state], (from, signal) =>
    call('listIncidents', { query: { state, ...from } }, { signal }),
  )
  const [handling, setHandling] = useState<Incident>()
  if (error && !data) return <ReadProblem error={error} />
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
      <Panel flush title={data ? countText(data.latest.total, data.rows.length, '项') : '正在读取…'}>
        {data && data.rows.length === 0 && <Empty>没有{STATES[state].label}的异常。</Empty>}
        {data && data.rows.length > 0 && <IncidentTable rows={data.rows} onHandle={setHandling} />}
        <ShowMore more={more} />
      </Panel>
      {handling && <IncidentDialog incident={handling} onClose={() => setHandling(undefined)} />}
    </>
  )
}

const IncidentTable = ({ rows, onHandle }: { rows: readonly Incident[]; onHandle: (incident: Incident) => void }) => {
  const mayHandle = rows.some((row) => row.mayHandle)
  return (
    <Table size="small">
      <TableHead>
        <TableRow>
          {['类别', '案号', '说明', '发生时间', '状态', ...(mayHandle ? ['操作'] : [])].map((label) => (
            <TableCell key={label}>{label}</TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id} hover>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>{incidentWord(row.kind).label}</TableCell>
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
              {row.state === 'OPEN' && row.finding?.state !== 'FOUND' && row.claim && row.claim.against.length > 0 && (
                <Box sx={{ mt: 0.5, color: 'warning.main' }}>{row.claim.against.join('；')}</Box>
              )}
              {row.finding && <FindingLine finding={row.finding} />}
              {row.handled && (
                <Box sx={{ mt: 0.5 }}>
                  {row.handled.by}（{minuteText(row.handled.at)}）：{row.handled.reason}
                </Box>
              )}
            </TableCell>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>{minuteText(row.createdAt)}</TableCell>
            <TableCell>
              <Tag tone={STATES[row.state].tone}>{STATES[row.state].label}</Tag>
            </TableCell>
            {mayHandle && (
              <TableCell>
                <HandleButton row={row} onHandle={onHandle} />
              </TableCell>
            )}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

const HandleButton = ({ row, onHandle }: { row: Incident; onHandle: (incident: Incident) => void }) => {
  if (row.handling === 'ITSELF') return row.state === 'OPEN' ? <Box sx={{ color: 'text.secondary' }}>原因消除后自动关闭</Box> : null
  if (!row.mayHandle) return null
  const { label } = HANDLINGS[row.handling]
  return (
    <Button
      onClick={() => onHandle(row)}
      sx={{ whiteSpace: 'nowrap' }}
      aria-label={`${label} ${incidentWord(row.kind).label}${row.caseNumber ? ` ${row.caseNumber}` : ''}`}
    >
      {label}
    </Button>
  )
}
