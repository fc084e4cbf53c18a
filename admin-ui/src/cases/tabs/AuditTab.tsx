import ExpandMoreIcon from '@mui/icons-material/ExpandMore'
import { Alert, Box, IconButton, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { useState } from 'react'
import type { Answer } from '../../api/client.ts'
import { useCall } from '../../api/use-call.ts'
import { secondText } from '../../common/figures.ts'
import { Empty } from '../../common/Panel.tsx'
import { Tag } from '../../common/Tag.tsx'
import { STAGE_TABLES, type CaseView } from '../case-text.ts'
import { stageOfAct } from './stage-of-act.ts'

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
            <AuditRow key={row.seq} row={row} actor={actorText(row.actor, names)} act={actText(row, view)} />
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

/** Acts as the archive writes them, `verb/what`; what is not here is shown as it is written. */
const ACTS: Readonly<Record<string, string>> = {
  'open/loan': '立案',
  'open/staff-change': '立案',
  'note/NOTE': '备注',
  'note/URGE': '催办',
  copy: '抄送',
  reveal: '查看个人信息',
  amend: '更正申请',
  'document/upload': '上传材料',
  'check-by-hand': '登记人工核验结果',
  'document/VERIFIED': '核对材料：已核',
  'document/MISSING': '核对材料：缺',
  'document/MISMATCH': '核对材料：不符',
  'take-over': '接手',
  'read/case': '查看案情（征信、家庭信息）',
  'read/document': '查看材料原件',
  'print/paper': '查看、打印文书',
  'read/application': '查看申请',
  'refile/loan': '更正后重新登记',
  'deadline/recount': '期限：工作日历调整后重算',
  'deadline/STAGE_OVERDUE': '期限：环节超时',
  'deadline/DECISION_SOON': '期限：审批期限将届满',
  'deadline/DECISION_OVERDUE': '期限：审批超期',
  'deadline/ANSWER_DUE': '期限：补正期限届满',
  'deadline/APPROVAL_EXPIRED': '期限：审批有效期届满',
  'decide/open-file': '系统：受理登记',
  'decide/check-data': '系统：联网核验',
  'decide/check-release': '系统：放款前复核',
  'decide/check-signing': '系统：签约核验',
  'decide/file-mortgage': '系统：申请抵押登记',
  'decide/check-mortgage': '系统：核对抵押登记',
  'decide/settle': '系统：划款结果',
  'decide/recall': '撤回',
}

const VERBS: Readonly<Record<string, string>> = { decide: '办理', refused: '办理未准' }

function actText({ act, body }: Row, view: CaseView): string {
  const known = ACTS[act]
  if (known) return known
  const [verb = '', what = ''] = act.split('/')
  const stages = STAGE_TABLES[view.case.kind]
  const from = stageOfAct(body)
  const here = from ? stages[from]?.actions[what] : undefined
  const action = here?.label ?? Object.values(stages).find(({ actions }) => actions[what])?.actions[what]?.label
  return VERBS[verb] ? `${VERBS[verb]}：${action ?? what}` : act
}
