import { POSTS } from '#contracts/posts.ts'
import { Box, Link } from '@mui/material'
import { useRef } from 'react'
import { DataTable } from 'react-admin'
import { Link as RouterLink } from 'react-router'
import { minuteText, yuan } from '../common/figures.ts'
import { useKeys } from '../common/keys.ts'
import { Tag } from '../common/Tag.tsx'
import { deadlineOf, kindLabel, type CaseRow } from './case-text.ts'
import { RowAction } from './RowAction.tsx'

/** Rows of a list. The first column is a real link, so that keyboard, middle click and "copy address" all work. */
export const CaseTable = ({ list }: { list: string }) => {
  const table = useRef<HTMLTableElement>(null)
  useRowKeys(table)
  return (
    <DataTable<CaseRow>
      ref={table}
      bulkActionButtons={false}
      rowClick={false}
      empty={<></>}
      hiddenColumns={list === 'todo' ? ['kind', 'orgName'] : ['previousOpinion', 'claimedBy']}
      sx={{
        '& .RaDataTable-headerCell': { py: 0.75 },
        '& tbody tr:focus-within': { bgcolor: 'action.selected' },
        '& td': { maxWidth: 260 },
      }}
    >
      <DataTable.Col source="caseNumber" label="案号" disableSort render={(row: CaseRow) => <CaseLink row={row} />} />
      <DataTable.Col source="applicant" label="申请人" disableSort />
      <DataTable.Col source="kind" label="类型" disableSort render={(row: CaseRow) => kindLabel(row.kind)} />
      <DataTable.Col
        source="amountFen"
        label="金额（元）"
        disableSort
        align="right"
        render={(row: CaseRow) => <Box sx={{ whiteSpace: 'nowrap' }}>{row.amountFen === null ? '—' : yuan(row.amountFen)}</Box>}
      />
      <DataTable.Col source="stageLabel" label="环节" disableSort render={(row: CaseRow) => <StageCell row={row} />} />
      <DataTable.Col source="daysLeft" label="剩余时间" disableSort render={(row: CaseRow) => <Deadline row={row} />} />
      <DataTable.Col
        source="arrivedAt"
        label="到达时间"
        disableSort
        render={(row: CaseRow) => <Box sx={{ whiteSpace: 'nowrap' }}>{minuteText(row.arrivedAt)}</Box>}
      />
      <DataTable.Col
        source="previousOpinion"
        label="上一意见"
        disableSort
        render={(row: CaseRow) => <OneLine text={row.previousOpinion} />}
      />
      <DataTable.Col source="orgName" label="机构" disableSort render={(row: CaseRow) => <OneLine text={row.orgName} />} />
      <DataTable.Col source="claimedBy" label="认领人" disableSort render={(row: CaseRow) => row.claimedBy ?? '—'} />
      <DataTable.Col source="stageVersion" label="操作" disableSort render={(row: CaseRow) => <RowAction row={row} list={list} />} />
    </DataTable>
  )
}

const CaseLink = ({ row }: { row: CaseRow }) => (
  <Link component={RouterLink} to={`/cases/${row.id}`} data-case-link underline="hover" sx={{ fontWeight: 500, whiteSpace: 'nowrap' }}>
    {row.caseNumber}
  </Link>
)

const StageCell = ({ row }: { row: CaseRow }) => (
  <Box sx={{ whiteSpace: 'nowrap' }}>
    {row.stageLabel}
    {row.post && row.open && (
      <Box component="span" sx={{ color: 'text.secondary', ml: 0.75, fontSize: '0.75rem' }}>
        {POSTS[row.post]}
      </Box>
    )}
  </Box>
)

const Deadline = ({ row }: { row: CaseRow }) => {
  const deadline = deadlineOf(row)
  if (!deadline) return <>{row.open ? '—' : '已办结'}</>
  return (
    <Tag tone={deadline.tone} {...(row.dueOn ? { title: `到期日 ${row.dueOn}` } : {})}>
      {deadline.text}
    </Tag>
  )
}

const OneLine = ({ text }: { text: string | null }) => (
  <Box title={text ?? ''} sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
    {text || '—'}
  </Box>
)

/** `j` and `k` move the focus from case to case; Enter is the link's own. */
function useRowKeys(table: React.RefObject<HTMLTableElement | null>): void {
  const move = (step: 1 | -1): void => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('[data-case-link]') ?? [])]
    const at = links.findIndex((link) => link === document.activeElement)
    links[at === -1 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
}
