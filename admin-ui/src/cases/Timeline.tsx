import { POSTS } from '#contracts/posts.ts'
import { Box } from '@mui/material'
import { DAY_UNITS, minuteText, monthsText, yuan } from '../common/figures.ts'
import { Panel } from '../common/Panel.tsx'
import { Tag, type Tone } from '../common/Tag.tsx'
import { Unbroken } from '../common/Unbroken.tsx'
import { TONE_OF_ACTION, type CaseView } from './case-text.ts'

type Entry = CaseView['timeline'][number]

const KINDS: Readonly<Record<Entry['kind'], { label: string; tone: Tone }>> = {
  DECISION: { label: '办理', tone: 'good' },
  MACHINE: { label: '系统', tone: 'neutral' },
  NOTE: { label: '备注', tone: 'neutral' },
  URGE: { label: '催办', tone: 'warn' },
  RISK: { label: '风险', tone: 'bad' },
  DEADLINE: { label: '期限', tone: 'warn' },
  CLAIM: { label: '交接', tone: 'neutral' },
  COPY: { label: '抄送', tone: 'neutral' },
}

const DOT = { good: 'success.main', warn: 'warning.main', bad: 'error.main', info: 'info.main', neutral: 'text.secondary' } as const

/** What happened, newest last as it is read aloud; then who is awaited, and the spans in which the clock stood still. */
export const Timeline = ({ view }: { view: CaseView }) => (
  <Panel title="办理过程">
    <Box component="ol" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {view.timeline.map((entry, index) => (
        <EntryItem key={`${entry.kind}-${entry.seq}-${index}`} entry={entry} unit={DAY_UNITS[view.clock.unit ?? 'WORKING']} />
      ))}
      {view.tasks.map((task) => (
        <Step key={task.post + task.orgName} dot="transparent" ring>
          <Box sx={{ fontWeight: 600 }}>
            {view.case.stageLabel} <Tag tone="info">待办</Tag>
          </Box>
          <Quiet>
            {POSTS[task.post]} · {task.orgName}，
            <Unbroken parts={[`${minuteText(task.arrivedAt)} 到达`]} />
          </Quiet>
          {task.claimedBy ? (
            <Quiet>认领人 {task.claimedBy}</Quiet>
          ) : (
            task.candidates.length > 0 && <Quiet>可办理：{task.candidates.join('、')}</Quiet>
          )}
          {task.dueOn && <Quiet>应于 {task.dueOn}（含当日）前办理</Quiet>}
        </Step>
      ))}
    </Box>
    <Spans view={view} />
  </Panel>
)

/** @param unit what the law counts the case's days in */
const EntryItem = ({ entry, unit }: { entry: Entry; unit: string }) => {
  const kind = KINDS[entry.kind]
  const tone = entry.tone ? TONE_OF_ACTION[entry.tone] : kind.tone
  return (
    <Step dot={DOT[tone]}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, alignItems: 'baseline' }}>
        <Box component="span" sx={{ fontWeight: 600 }}>
          {/* What was taken back stands where the case went back to, not where nothing was done. */}
          {(entry.takesBack ? entry.toStageLabel : entry.stageLabel) ?? kind.label}
        </Box>
        {entry.actionLabel && <Tag tone={tone}>{entry.takesBack ? `撤回：${entry.takesBack}` : entry.actionLabel}</Tag>}
        {entry.kind !== 'DECISION' && entry.stageLabel && <Tag>{kind.label}</Tag>}
        {entry.recalled && <Tag tone="warn">已撤回</Tag>}
        {entry.tone === 'back' && entry.toStageLabel && !entry.takesBack && (
          <Quiet>
            {entry.actionLabel?.startsWith('退回') ? '退至' : '转入'} {entry.toStageLabel}
          </Quiet>
        )}
      </Box>
      <Quiet>
        {[entry.person, entry.post ? POSTS[entry.post] : undefined, entry.onBehalfOf ? `代 ${entry.onBehalfOf}` : undefined]
          .filter(Boolean)
          .join(' · ')}
      </Quiet>
      {/* Letters and statistics go by these words of the house, whatever the opinion says. */}
      {entry.reasons.length > 0 && <Told entry={entry}>理由：{entry.reasons.map(({ label }) => label).join('、')}</Told>}
      {entry.secondNoticeReason && <Told entry={entry}>再次告知的理由：{entry.secondNoticeReason}</Told>}
      {entry.opinion && (
        <Box
          sx={{
            my: 0.5,
            px: 1,
            py: 0.625,
            borderRadius: 1,
            bgcolor: 'action.hover',
            whiteSpace: 'pre-wrap',
            textDecoration: entry.recalled ? 'line-through' : 'none',
          }}
        >
          {entry.opinion}
        </Box>
      )}
      {entry.terms && (
        <Box>
          {yuan(entry.terms.amountFen)} 元，{monthsText(entry.terms.months)}
        </Box>
      )}
      <Quiet>
        <Unbroken
          parts={[
            ...(entry.arrivedAt && entry.kind === 'DECISION' ? [`${minuteText(entry.arrivedAt)} 到达，`] : []),
            `${minuteText(entry.at)}${entry.kind === 'DECISION' ? ' 办理' : ''}`,
          ]}
        />
      </Quiet>
      {entry.kind === 'DECISION' && entry.daysUsed !== null && (
        <Quiet>
          审批已用 {entry.daysUsed} {unit}
        </Quiet>
      )}
    </Step>
  )
}

/** What a decision was taken for, struck out once it has been taken back. */
const Told = ({ entry, children }: { entry: Entry; children: React.ReactNode }) => (
  <Box sx={{ textDecoration: entry.recalled ? 'line-through' : 'none' }}>{children}</Box>
)

const Spans = ({ view }: { view: CaseView }) => {
  const paused = view.clock.spans.filter(({ state }) => state === 'PAUSED')
  if (paused.length === 0) return null
  return (
    <Box sx={{ mt: 1.5, pt: 1.5, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ fontWeight: 600, mb: 0.5 }}>不计入审批期限</Box>
      {paused.map(({ fromOn, toOn, reason }) => (
        <Box
          key={fromOn + reason}
          sx={(theme) => ({
            px: 1,
            py: 0.5,
            mb: 0.5,
            borderRadius: 1,
            background: `repeating-linear-gradient(135deg, ${theme.palette.action.hover} 0 6px, transparent 6px 12px)`,
          })}
        >
          {fromOn} 至 {toOn ?? '今'}：{reason}
        </Box>
      ))}
    </Box>
  )
}

const Step = ({ dot, ring = false, children }: { dot: string; ring?: boolean; children: React.ReactNode }) => (
  <Box
    component="li"
    sx={{
      position: 'relative',
      pl: 2.5,
      pb: 1.75,
      '&::before': { content: '""', position: 'absolute', left: 4, top: 8, bottom: -8, width: '1px', bgcolor: 'divider' },
      '&:last-of-type::before': { display: 'none' },
    }}
  >
    <Box
      aria-hidden
      sx={{
        position: 'absolute',
        left: 0,
        top: 5,
        width: 9,
        height: 9,
        borderRadius: '50%',
        bgcolor: ring ? 'background.paper' : dot,
        border: ring ? 2 : 0,
        borderColor: 'primary.main',
        boxSizing: 'border-box',
      }}
    />
    {children}
  </Box>
)

const Quiet = ({ children }: { children: React.ReactNode }) => <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>{children}</Box>
