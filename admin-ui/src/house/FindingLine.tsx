import { BANK_CLAIMS, FINDING_STATES, type FindingState } from '#contracts/findings.ts'
import { Box } from '@mui/material'
import type { Answer } from '../api/client.ts'
import { minuteText } from '../common/figures.ts'
import { Tag, type Tone } from '../common/Tag.tsx'

type Finding = NonNullable<Answer<'listIncidents'>['rows'][number]['finding']>

const TONES: Readonly<Record<FindingState, Tone>> = { FOUND: 'warn', CONFIRMED: 'good', DENIED: 'bad' }

/** What was found of a payment that the bank speaks against: by whom, on what ground, and what the second person said of it. */
export const FindingLine = ({ finding }: { finding: Finding }) => {
  const { claim, bankReference, bankDay, reason, by, at, state, decided } = finding
  return (
    <Box sx={{ mt: 0.5 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
        <Tag tone={TONES[state]}>认定{FINDING_STATES[state]}</Tag>
        <span>
          {by}（{minuteText(at)}）认定{BANK_CLAIMS[claim]}，银行流水 {bankReference}，{bankDay}
          {claim === 'PAID' ? '入账' : '退回'}：{reason}
        </span>
      </Box>
      <Box sx={{ color: 'text.secondary' }}>
        {decided
          ? `${decided.by ?? '系统'}（${minuteText(decided.at)}）${FINDING_STATES[state]}：${decided.remark}`
          : '待资金结算岗另一人在本案中凭动态口令确认'}
      </Box>
    </Box>
  )
}
