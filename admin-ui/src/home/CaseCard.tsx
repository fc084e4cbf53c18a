import type { TaskList } from '#contracts/cases.ts'
import { Button, Link, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import type { ReactNode } from 'react'
import { Link as RouterLink } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { applicantText, type CaseRow } from '../cases/case-text.ts'
import { yuan } from '../common/figures.ts'
import { Empty, Panel } from '../common/Panel.tsx'

export interface CaseColumn {
  readonly label: string
  readonly cell: (row: CaseRow) => ReactNode
  readonly align?: 'right'
  /** Takes what the others leave, and is cut where that is too little. */
  readonly fills?: true
}

interface CaseCardProps {
  readonly title: string
  readonly list: TaskList
  readonly shown: number
  /** The words of the way to the whole list; its total is added. */
  readonly whole: string
  readonly empty: string
  /** After case number, applicant. */
  readonly columns: readonly CaseColumn[]
}

/** The first rows of one of the lists, in the order of the list itself. */
export const CaseCard = ({ title, list, shown, whole, empty, columns }: CaseCardProps) => {
  const { data, isPending } = useCall(['desk', list], 'listTasks', { params: { list }, query: { limit: shown } })
  return (
    <Panel
      flush
      title={title}
      actions={
        <Button component={RouterLink} to={`/${list}`}>
          {whole}
          {data ? `（${data.total}${data.totalIsExact ? '' : '+'}）` : ''}
        </Button>
      }
    >
      {data && data.rows.length > 0 ? (
        <CaseTable rows={data.rows} columns={[NUMBER, APPLICANT, ...columns]} />
      ) : (
        <Empty>{isPending ? '正在读取…' : empty}</Empty>
      )}
    </Panel>
  )
}

const NUMBER: CaseColumn = {
  label: '案号',
  cell: (row) => (
    <Link component={RouterLink} to={`/cases/${row.id}`} underline="hover" sx={{ fontWeight: 500 }}>
      {row.caseNumber}
    </Link>
  ),
}
const APPLICANT: CaseColumn = { label: '申请人', cell: applicantText }
export const AMOUNT: CaseColumn = {
  label: '金额（元）',
  align: 'right',
  cell: (row) => (row.amountFen === null ? '—' : yuan(row.amountFen)),
}

const REST = { width: '100%', minWidth: 100, maxWidth: 0 }

const CaseTable = ({ rows, columns }: { rows: readonly CaseRow[]; columns: readonly CaseColumn[] }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        {columns.map(({ label, align }) => (
          <TableCell key={label} {...(align ? { align } : {})}>
            {label}
          </TableCell>
        ))}
      </TableRow>
    </TableHead>
    <TableBody>
      {rows.map((row) => (
        <TableRow key={row.id} hover>
          {columns.map(({ label, align, fills, cell }) => (
            <TableCell key={label} {...(align ? { align } : {})} sx={{ whiteSpace: 'nowrap', ...(fills ? REST : {}) }}>
              {cell(row)}
            </TableCell>
          ))}
        </TableRow>
      ))}
    </TableBody>
  </Table>
)
