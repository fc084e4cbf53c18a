import { Box } from '@mui/material'
import { deadlineOf, kindLabel, type CaseRow } from '../cases/case-text.ts'
import { Tag } from '../common/Tag.tsx'
import { AMOUNT, CaseCard, type CaseColumn } from './CaseCard.tsx'

/** The first of the list of things to do, nearest deadline first. */
export const NextCases = () => (
  <CaseCard
    title="接下来办理"
    list="todo"
    shown={8}
    whole="全部待办"
    empty="没有待办的案件。新的案件到达时会自动出现在这里。"
    columns={COLUMNS}
  />
)

const Deadline = ({ row }: { row: CaseRow }) => {
  const deadline = deadlineOf(row)
  return deadline ? <Tag tone={deadline.tone}>{deadline.text}</Tag> : <>—</>
}

const Opinion = ({ row }: { row: CaseRow }) => (
  <Box title={row.previousOpinion ?? ''} sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
    {row.previousOpinion || '—'}
  </Box>
)

const COLUMNS: readonly CaseColumn[] = [
  { label: '类型', cell: ({ kind }) => kindLabel(kind) },
  AMOUNT,
  { label: '环节', cell: ({ stageLabel }) => stageLabel },
  { label: '剩余时间', cell: (row) => <Deadline row={row} /> },
  { label: '上一意见', fills: true, cell: (row) => <Opinion row={row} /> },
]
