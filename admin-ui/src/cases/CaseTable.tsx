import { POSTS } from '#contracts/posts.ts'
import { Box, Link } from '@mui/material'
import { useMemo, useRef, type ReactNode } from 'react'
import { DataTable, useStore } from 'react-admin'
import { Link as RouterLink } from 'react-router'
import { minuteText, yuan } from '../common/figures.ts'
import { useKeys } from '../common/keys.ts'
import { Tag } from '../common/Tag.tsx'
import { amountPlace } from './amount-place.ts'
import { applicantText, deadlineOf, DUE_NAMES, kindLabel, type CaseRow } from './case-text.ts'
import { RowAction } from './RowAction.tsx'
import { SumRows } from './SumRows.tsx'
import { useSeveralOrgs } from './use-several-orgs.ts'

interface Column {
  readonly source: keyof CaseRow
  readonly label: string
  readonly align?: 'right'
  /** Takes what the others leave, and is cut where that is too little. */
  readonly fills?: true
  readonly render?: (row: CaseRow) => ReactNode
}

const AMOUNT: keyof CaseRow = 'amountFen'
const FILLS = 'fills'

const columnsOf = (list: string): readonly Column[] => [
  { source: 'caseNumber', label: '案号', render: (row) => <CaseLink row={row} /> },
  { source: 'applicant', label: '申请人', render: (row) => applicantText(row) },
  { source: 'kind', label: '类型', render: ({ kind }) => kindLabel(kind) },
  {
    source: AMOUNT,
    label: '金额（元）',
    align: 'right',
    render: ({ amountFen }) => (amountFen === null ? '—' : yuan(amountFen)),
  },
  { source: 'stageLabel', label: '环节', render: (row) => <StageCell row={row} /> },
  { source: 'daysLeft', label: '剩余时间', render: (row) => <Deadline row={row} /> },
  { source: 'arrivedAt', label: '到达时间', render: ({ arrivedAt }) => minuteText(arrivedAt) },
  { source: 'previousOpinion', label: '上一意见', fills: true, render: ({ previousOpinion }) => <OneLine text={previousOpinion} /> },
  { source: 'orgName', label: '机构', render: ({ orgName }) => <OneLine text={orgName} width={ORG_WIDTH} /> },
  { source: 'claimedBy', label: '认领人', render: ({ claimedBy }) => claimedBy ?? '—' },
  { source: 'stageVersion', label: '操作', render: (row) => <RowAction row={row} list={list} /> },
]

type Hidden = (keyof CaseRow)[]
const HIDDEN: Record<'todo' | 'todoOfSeveral' | 'cases' | 'others', Hidden> = {
  todo: ['kind', 'orgName'],
  todoOfSeveral: ['kind'],
  // Of every kind and branch: there would be no room for words.
  cases: ['claimedBy', 'previousOpinion'],
  others: ['claimedBy'],
}

/** Columns that are not shown until somebody asks for them. Whose cases are all of one branch need not read its name on every row. */
const hiddenAtFirst = (list: string, severalOrgs: boolean): Hidden => {
  if (list === 'todo') return HIDDEN[severalOrgs ? 'todoOfSeveral' : 'todo']
  return list === 'cases' ? HIDDEN.cases : HIDDEN.others
}

/** Rows of a list. The first column is a real link, so that keyboard, middle click and "copy address" all work. */
export const CaseTable = ({ list }: { list: string }) => {
  const table = useRef<HTMLTableElement>(null)
  useRowKeys(table)
  const columns = columnsOf(list)
  const hidden = hiddenAtFirst(list, useSeveralOrgs())
  const Foot = useMemo(() => () => <Sums list={list} hiddenAtFirst={hidden} />, [list, hidden])
  return (
    <DataTable<CaseRow>
      ref={table}
      bulkActionButtons={false}
      rowClick={false}
      empty={<></>}
      foot={Foot}
      hiddenColumns={hidden}
      sx={{
        '& .RaDataTable-headerCell': { py: 0.75 },
        '& tbody tr:focus-within': { bgcolor: 'action.selected' },
        // A word that breaks in two makes every row as high as two.
        '& td': { whiteSpace: 'nowrap', maxWidth: 260 },
        [`& .${FILLS}`]: { width: '100%', minWidth: 90, maxWidth: 0 },
      }}
    >
      {columns.map(({ source, label, align, fills, render }) => (
        <DataTable.Col
          key={source}
          source={source}
          label={label}
          disableSort
          {...(align ? { align } : {})}
          {...(fills ? { className: FILLS } : {})}
          {...(render ? { render } : {})}
        />
      ))}
    </DataTable>
  )
}

/** The sums under their own column, wherever the person has put it. */
const Sums = ({ list, hiddenAtFirst: atFirst }: { list: string; hiddenAtFirst: Hidden }) => {
  const [hidden] = useStore<readonly string[]>(`${list}.datatable`, atFirst)
  const [ranks] = useStore<readonly number[]>(`${list}.datatable_columnRanks`, [])
  const columns = columnsOf(list).map(({ source }) => source)
  return <SumRows place={amountPlace(columns, AMOUNT, ranks, hidden)} />
}

const CaseLink = ({ row }: { row: CaseRow }) => (
  <Link component={RouterLink} to={`/cases/${row.id}`} data-case-link underline="hover" sx={{ fontWeight: 500, whiteSpace: 'nowrap' }}>
    {row.caseNumber}
  </Link>
)

const StageCell = ({ row }: { row: CaseRow }) => (
  <>
    {row.stageLabel}
    {row.post && row.open && (
      <Box component="span" sx={{ color: 'text.secondary', ml: 0.75, fontSize: '0.75rem' }}>
        {POSTS[row.post]}
      </Box>
    )}
  </>
)

/** The days left say how urgent it is; what an applicant is told at the counter is the day itself. */
const Deadline = ({ row }: { row: CaseRow }) => {
  if (!row.open) return <>已办结</>
  const deadline = deadlineOf(row)
  const day = row.dueOn && row.dueWhose ? `${DUE_NAMES[row.dueWhose]}至 ${row.dueOn}` : undefined
  return (
    <>
      {deadline ? <Tag tone={deadline.tone}>{deadline.text}</Tag> : !day && '—'}
      {day && <Box sx={{ color: 'text.secondary', fontSize: '0.6875rem', lineHeight: 1.4 }}>{day}</Box>}
    </>
  )
}

/** Holds the name of a branch; the full name of a centre would take the room of the opinions. */
const ORG_WIDTH = '9em'

const OneLine = ({ text, width }: { text: string | null; width?: string }) => (
  <Box title={text ?? ''} sx={{ maxWidth: width, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
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
