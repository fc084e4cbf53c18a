import { minuteText } from '../common/figures.ts'
import { AMOUNT, CaseCard, type CaseColumn } from './CaseCard.tsx'

/** Where the cases I have acted on are now: whom they wait for, since when. */
export const RecentDone = () => (
  <CaseCard title="我办理过的案件现在到哪里" list="done" shown={6} whole="全部已办" empty="还没有办理过案件。" columns={COLUMNS} />
)

const COLUMNS: readonly CaseColumn[] = [
  AMOUNT,
  { label: '现环节', cell: ({ stageLabel }) => stageLabel },
  { label: '到达时间', cell: ({ arrivedAt }) => minuteText(arrivedAt) },
  { label: '现办理人', cell: ({ claimedBy, open }) => claimedBy ?? (open ? '待认领' : '已办结') },
]
