import ExpandMoreIcon from '@mui/icons-material/ExpandMore'
import { Alert, Box, IconButton, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { useState } from 'react'
import type { Answer } from '../../api/client.ts'
import { useCall } from '../../api/use-call.ts'
import { secondText } from '../../common/figures.ts'
import { Empty } from '../../common/Panel.tsx'
import { Tag } from '../../common/Tag.tsx'
import type { CaseView } from '../case-text.ts'
import { actText } from './act-text.ts'

type Row = Answer<'readAudit'>['rows'][number]

/** 留痕: the case's own chain, checked by the server as it is read. */
export const AuditTab = ({ view }: { view: CaseView }) => {
  const { data, error } = useCall(['case', view.case.id, 'audit'], 'readAudit', { params: { caseId: view.case.id } })
  const { data: staff } = useCall(['staff', ''], 'listStaff', { query: {} }, { staleTime: 600_000 })
  if (error) return <Empty>留痕暂时无法读取：{error.message}</Empty>
  if (!data) return <Empty>正在核对留痕链…</Empty>
  const names = new Map(staff?.rows.map(({ id, name, staffNumber }) => [`staff/${id}`, `${name}（${staffNumber}）`]))
  return (
    <>
      {data.intact ? (
        <Alert severity="success">
          留痕链完整，共 {data.rows.length} 条。末条摘要 {data.head.slice(0, 24)}…
        </Alert>
      ) : (
        <Alert severity="error">
          留痕链自第 {data.firstBadSeq} 条起不符{data.what && `（${data.what}）`}，请立即报告审计管理员。
        </Alert>
      )}
      <Table size="small" sx={{ mt: 1.5 }}>
        <TableHead>
          <TableRow>
            {['序号', '记录时间', '人员', '行为', '摘要', '封存', '原文'].map((label) => (
              <TableCell key={label}>{label}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {data.rows.map((row) => (
            <AuditRow key={row.seq} row={row} actor={actorText(row.actor, names)} act={actText(row, view.case.kind)} />
          ))}
        </TableBody>
      </Table>
    </>
  )
}

const AuditRow = ({ row, actor, act }: { row: Row; actor: string; act: string }) => {
  const [open, setOpen] = useState(false)
  return (
    <>
      <TableRow hover>
        <TableCell>{row.seq}</TableCell>
        <TableCell sx={{ whiteSpace: 'nowrap' }}>{secondText(row.at)}</TableCell>
        <TableCell>{actor}</TableCell>
        <TableCell>{act}</TableCell>
        <TableCell title={row.hash}>{row.hash.slice(0, 12)}</TableCell>
        <TableCell>{row.sealed ? <Tag tone="good">已封存</Tag> : <Tag>待封存</Tag>}</TableCell>
        <TableCell>
          <IconButton size="small" aria-label={`第 ${row.seq} 条原文`} aria-expanded={open} onClick={() => setOpen(!open)}>
            <ExpandMoreIcon fontSize="small" sx={{ transform: open ? 'rotate(180deg)' : 'none' }} />
          </IconButton>
        </TableCell>
      </TableRow>
      {open && (
        <TableRow>
          <TableCell colSpan={7}>
            <Box component="pre" sx={{ m: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontSize: '0.75rem' }}>
              {`${row.actor}\n${row.act}\n${row.body}\n${row.hash}`}
            </Box>
          </TableCell>
        </TableRow>
      )}
    </>
  )
}

const actorText = (actor: string, names: ReadonlyMap<string, string>): string =>
  actor === 'system' ? '系统' : (names.get(actor) ?? (actor.startsWith('staff/') ? '外单位人员' : actor))
