import { BANK_CLAIMS } from '#contracts/findings.ts'
import { incidentWord } from '#contracts/incidents.ts'
import { Alert, Box, FormControlLabel, FormHelperText, Radio, RadioGroup, TextField } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call, type Answer } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { AskDialog } from '../common/AskDialog.tsx'
import { DateField, normaliseDate } from '../common/DateField.tsx'

export type Incident = Answer<'listIncidents'>['rows'][number]

export const HANDLINGS = {
  RETRY: { label: '重试', reason: '理由', done: '已安排重试' },
  SETTLE: { label: '处理', reason: '处理结果', done: '已登记处理结果' },
} as const

const CONSEQUENCES = { PAID: '补记放款', RETURNED: '红字冲销' } as const
/** By what it does, not by what must have happened: where the record may not follow the bank, the bank may have been right all the same. */
const STANDS = {
  PAID: '维持划款失败（银行并未付款，或款项已追回）',
  RETURNED: '维持划款成功（款项并未退回，或已另行处理）',
} as const
const DAYS = { PAID: '银行入账日期', RETURNED: '银行退回日期' } as const

/** The record stands, or it follows the bank. */
type Conclusion = 'stands' | 'follows'

interface Found {
  readonly bankReference: string
  readonly bankDay: string
}

/** What is done about an incident: it is tried again, or what came of it is said. Where a bank was right after all, that is found here. */
export const IncidentDialog = ({ incident, onClose }: { incident: Incident; onClose: () => void }) => {
  const [reason, setReason] = useState('')
  const [conclusion, setConclusion] = useState<Conclusion>()
  const [found, setFound] = useState<Found>({ bankReference: '', bankDay: '' })
  const run = useCommand(`incident:${incident.id}`)
  const queries = useQueryClient()
  const notify = useNotify()
  const words = incident.handling === 'RETRY' ? HANDLINGS.RETRY : HANDLINGS.SETTLE
  const { claim } = incident
  const follows = conclusion === 'follows'
  const handle = async (): Promise<void> => {
    const params = { incidentId: incident.id }
    await run((key) =>
      claim && follows
        ? call('findOnIncident', { params, body: { claim: claim.claim, ...found, bankDay: normaliseDate(found.bankDay), reason } }, { key })
        : incident.handling === 'RETRY'
          ? call('retryIncident', { params, body: { reason } }, { key })
          : call('settleIncident', { params, body: { reason } }, { key }),
    )
    await queries.invalidateQueries({ queryKey: ['incidents'] })
    notify(follows ? '已登记认定，待资金结算岗确认后入账' : words.done, { type: 'success' })
  }
  const lacks = (claim && !conclusion) || (follows && (found.bankReference.trim().length < 2 || found.bankDay === ''))
  return (
    <AskDialog
      title={`${words.label}：${incidentWord(incident.kind).label}`}
      open
      onClose={onClose}
      onConfirm={handle}
      confirmLabel={follows ? '登记认定' : words.label}
      disabled={reason.trim().length < 2 || lacks === true}
      width={claim ? 'sm' : 'xs'}
    >
      <p>{incident.detail}</p>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {claim && <ConclusionPart claim={claim} conclusion={conclusion} onChange={setConclusion} />}
        {claim && follows && <FoundFields claim={claim} found={found} onChange={setFound} />}
        <TextField
          autoFocus={!claim}
          fullWidth
          multiline
          minRows={2}
          label={follows ? '查明经过' : words.reason}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </Box>
    </AskDialog>
  )
}

type Claim = NonNullable<Incident['claim']>

interface ConclusionPartProps {
  claim: Claim
  conclusion: Conclusion | undefined
  onChange: (conclusion: Conclusion) => void
}

/** The two ways in which a contradiction can end; neither is put into anybody's mouth. One that is closed says why. */
const ConclusionPart = ({ claim, conclusion, onChange }: ConclusionPartProps) => (
  <Box>
    <RadioGroup
      aria-label="查明结论"
      value={conclusion ?? ''}
      onChange={(_, value) => onChange(value === 'follows' ? 'follows' : 'stands')}
    >
      <FormControlLabel value="stands" control={<Radio size="small" />} label={STANDS[claim.claim]} />
      <FormControlLabel
        value="follows"
        control={<Radio size="small" />}
        label={`${BANK_CLAIMS[claim.claim]}，${CONSEQUENCES[claim.claim]}（须资金结算岗另一人确认）`}
        disabled={claim.against.length > 0}
      />
    </RadioGroup>
    {claim.against.length > 0 && (
      <Alert severity="warning" sx={{ mt: 1 }}>
        不能{CONSEQUENCES[claim.claim]}：{claim.against.join('；')}
      </Alert>
    )}
    {!conclusion && <FormHelperText>请先选择查明结论。</FormHelperText>}
  </Box>
)

const FoundFields = ({ claim, found, onChange }: { claim: Claim; found: Found; onChange: (found: Found) => void }) => (
  <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: '1fr 1fr' }}>
    <TextField
      label="银行流水号"
      value={found.bankReference}
      onChange={({ target }) => onChange({ ...found, bankReference: target.value })}
      slotProps={{ htmlInput: { maxLength: 64, autoComplete: 'off' } }}
    />
    <DateField label={DAYS[claim.claim]} value={found.bankDay} onChange={(bankDay) => onChange({ ...found, bankDay })} />
  </Box>
)
