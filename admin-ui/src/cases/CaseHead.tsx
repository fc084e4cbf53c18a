import { POSTS } from '#contracts/posts.ts'
import { Box, LinearProgress, Paper } from '@mui/material'
import { useMe } from '../api/session.ts'
import { DAY_UNITS, minuteText, yuan } from '../common/figures.ts'
import { Tag } from '../common/Tag.tsx'
import { Unbroken } from '../common/Unbroken.tsx'
import { applicantText, deadlineOf, DUE_NAMES, type CaseView } from './case-text.ts'
import { Reveal } from './Reveal.tsx'
import { ClaimButtons } from './RowAction.tsx'
import { useChangeSubject } from '../staff-change/use-change-subject.ts'

/** Six answers without a click: where, who, since when, due when, what is missing, what for. */
export const CaseHead = ({ view }: { view: CaseView }) => {
  const { case: row, clock } = view
  const deadline = deadlineOf(row)
  const missing = view.wants.filter(({ satisfied }) => !satisfied).length
  const borrower = view.parties[0]
  // A change of rights has neither applicant nor amount.
  const ofMoney = row.kind === 'loan'
  const subject = useChangeSubject(row.id, row.kind === 'staff-change')
  return (
    <Paper
      sx={{
        mb: 1.5,
        px: 2,
        py: 1.5,
        display: 'grid',
        gridTemplateColumns: { xs: '1fr', md: 'auto repeat(4, minmax(0, 1fr))' },
        columnGap: 3,
        rowGap: 1.5,
        alignItems: 'start',
      }}
    >
      <Stamp view={view} />
      <Item label={ofMoney ? '申请人' : '事项'}>
        <Strong>{ofMoney ? applicantText(row) : subject.change}</Strong>
        {borrower && <Reveal caseId={row.id} partyNo={borrower.partyNo} field="name" masked="" />}
        <Note>{ofMoney ? view.org.name : subject.whom}</Note>
      </Item>
      <Item label={ofMoney ? '金额' : '提出人'}>
        <Strong>{row.amountFen !== null ? `${yuan(row.amountFen)} 元` : ofMoney ? '—' : (view.createdBy ?? '系统')}</Strong>
        <Note>
          {view.createdBy && ofMoney ? (
            <>
              {view.createdBy} 发起于 <Unbroken parts={[minuteText(view.createdAt)]} />
            </>
          ) : (
            <>
              {view.org.name}，<Unbroken parts={[`${minuteText(view.createdAt)} 提出`]} />
            </>
          )}
        </Note>
      </Item>
      <Item label="期限">
        {deadline ? <Tag tone={deadline.tone}>{deadline.text}</Tag> : withoutDeadline(view)}
        <Note>{dueText(view)}</Note>
        {clock.daysAllowed !== null && clock.daysUsed !== null && (
          <Box sx={{ mt: 0.5 }}>
            <LinearProgress
              variant="determinate"
              aria-label="审批期限已用"
              value={Math.min(100, (clock.daysUsed * 100) / Math.max(1, clock.daysAllowed))}
              color={clock.daysUsed > clock.daysAllowed ? 'error' : 'primary'}
              sx={{ height: 4, borderRadius: 2 }}
            />
            <Note>
              审批已用 {clock.daysUsed} / {clock.daysAllowed} {DAY_UNITS[clock.unit ?? 'WORKING']}
            </Note>
          </Box>
        )}
      </Item>
      <Item label="现由">
        <Holder view={view} />
        {missing > 0 && <Note>待补正材料 {missing} 项</Note>}
      </Item>
    </Paper>
  )
}

const withoutDeadline = ({ case: row, clock }: CaseView): string => {
  if (row.open) return '本环节未计时'
  return clock.state === 'NOT_STARTED' ? '未计时' : '已停止计时'
}

/** The day that counts, whose it is and in what it is counted; the article says something only while the clock runs. */
const dueText = ({ case: row, clock }: CaseView): string => {
  if (row.dueOn && row.dueWhose && row.daysUnit)
    return `${DUE_NAMES[row.dueWhose]}至 ${row.dueOn}（${row.daysUnit === 'WORKING' ? '工作日' : '自然日'}）`
  if (row.open && row.paused) return '等待申请人补正'
  return row.open && clock.state === 'RUNNING' ? (clock.rule ?? '') : ''
}

/** The stage as a stamp, the one thing to be seen from across the desk. */
const Stamp = ({ view }: { view: CaseView }) => {
  const { stageLabel, open, paused } = view.case
  return (
    <Box
      sx={(theme) => ({
        border: `2px solid ${open ? theme.palette.primary.main : theme.palette.text.secondary}`,
        color: open ? theme.palette.primary.main : theme.palette.text.secondary,
        borderRadius: 1,
        px: 1.75,
        py: 0.75,
        fontSize: '1.0625rem',
        fontWeight: 700,
        letterSpacing: '0.08em',
        whiteSpace: 'nowrap',
        textAlign: 'center',
        alignSelf: 'center',
      })}
    >
      {stageLabel}
      <Box sx={{ fontSize: '0.6875rem', fontWeight: 400, letterSpacing: 0 }}>{open ? (paused ? '计时暂停' : '办理中') : '已办结'}</Box>
    </Box>
  )
}

const Holder = ({ view }: { view: CaseView }) => {
  const me = useMe()
  const { id, caseNumber } = view.case
  if (view.tasks.length === 0) return <>{view.case.open ? '系统自动办理' : '—'}</>
  return (
    <>
      {view.tasks.map((task) => (
        <Box key={task.post + task.orgName}>
          {POSTS[task.post]}
          {task.claimedBy ? ` · ${task.claimedBy}${task.claimedByMe ? '（我）' : ''}` : ' · 待认领'}
          {me?.posts.some(({ post }) => post === task.post) && <ClaimButtons task={{ ...task, id, caseNumber }} may={view.canClaim} />}
          <Note>
            {task.orgName}，<Unbroken parts={[`${minuteText(task.arrivedAt)} 到达`]} />
          </Note>
        </Box>
      ))}
    </>
  )
}

const Item = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <Box sx={{ minWidth: 0 }}>
    <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>{label}</Box>
    {children}
  </Box>
)

const Strong = ({ children }: { children: React.ReactNode }) => (
  <Box component="span" sx={{ fontWeight: 600, fontSize: '1rem' }}>
    {children}
  </Box>
)

const Note = ({ children }: { children: React.ReactNode }) => <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>{children}</Box>
