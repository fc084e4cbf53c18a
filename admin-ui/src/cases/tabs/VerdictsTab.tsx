import { HOME_ORDERS } from '#contracts/loan.ts'
import { Box, Paper } from '@mui/material'
import { minuteText, monthsText, yuan } from '../../common/figures.ts'
import { Empty, Facts } from '../../common/Panel.tsx'
import { Tag } from '../../common/Tag.tsx'
import { Ceilings, Reasons } from '../VerdictParts.tsx'
import { OUTCOMES, type CaseView, type Verdict } from '../case-text.ts'

const KINDS: Readonly<Record<string, string>> = { ASSESSMENT: '贷款审核', RELEASE_CHECK: '放款前复核', PRE_CHECK: '预审' }

/** 规则结论: what the rules found, with every reason and every ceiling; the newest first, none ever replaced. */
export const VerdictsTab = ({ view }: { view: CaseView }) => {
  const verdicts = [...view.verdicts].sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1))
  if (verdicts.length === 0) return <Empty>尚无规则结论。受理并完成联网核验后自动形成。</Empty>
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {verdicts.map((verdict) => (
        <VerdictCard key={verdict.hash + verdict.madeAt} verdict={verdict} />
      ))}
    </Box>
  )
}

const VerdictCard = ({ verdict }: { verdict: Verdict }) => {
  const outcome = OUTCOMES[verdict.outcome]
  return (
    <Paper component="article" sx={{ p: 2, display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
        <Box component="h2" sx={{ m: 0, fontSize: '0.9375rem' }}>
          {KINDS[verdict.kind] ?? '规则审核'}
        </Box>
        <Tag tone={outcome.tone}>{outcome.label}</Tag>
        <Box sx={{ ml: 'auto', color: 'text.secondary', fontSize: '0.75rem' }}>{minuteText(verdict.madeAt)}</Box>
      </Box>
      <Facts
        columns={4}
        facts={[
          { label: '可贷金额', value: verdict.outcome === 'refused' ? '—' : `${yuan(verdict.amountFen)} 元` },
          { label: '可贷期限', value: verdict.months > 0 ? monthsText(verdict.months) : '—' },
          { label: '年利率', value: verdict.ratePercent ? `${verdict.ratePercent}%` : '—' },
          { label: '住房套数', value: homeOrderText(verdict.homeOrder) },
        ]}
      />
      <Reasons reasons={verdict.reasons} notes={verdict.notes} />
      <Ceilings ceilings={verdict.ceilings} />
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', overflowWrap: 'anywhere' }}>
        参数快照 {verdict.snapshotId} · 规则版本 {verdict.ruleVersion} · 摘要 {verdict.hash.slice(0, 16)}
      </Box>
    </Paper>
  )
}

const homeOrderText = (order: string | null): string => (order === 'first' || order === 'second' ? HOME_ORDERS[order] : (order ?? '—'))
