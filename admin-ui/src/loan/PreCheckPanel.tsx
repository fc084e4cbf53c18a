import { Box, ButtonBase } from '@mui/material'
import { useQuery } from '@tanstack/react-query'
import { useFormContext, useWatch, type FieldPath } from 'react-hook-form'
import { call } from '../api/client.ts'
import { OUTCOMES } from '../cases/case-text.ts'
import { Ceilings, Reasons } from '../cases/VerdictParts.tsx'
import { monthsText, yuan } from '../common/figures.ts'
import { Panel } from '../common/Panel.tsx'
import { ProblemAlert } from '../common/ProblemAlert.tsx'
import { Tag } from '../common/Tag.tsx'
import { useDebounced } from '../common/use-debounced.ts'
import { readForm, type FormIssue, type LoanForm } from './form-model.ts'
import { pathLabel } from './labels.ts'

const SETTLE_MS = 800
const SHOWN_ISSUES = 14

/** 预审: the same rules as the real review, asked whenever the form has stood still; until it is complete, what is missing. */
export const PreCheckPanel = ({ amending }: { amending?: string | undefined }) => {
  const form = useWatch<LoanForm>() as LoanForm
  const settled = useDebounced(form, SETTLE_MS)
  const { body, issues } = readForm(settled)
  const { data, error, isFetching } = useQuery({
    queryKey: ['pre-check', amending ?? '', JSON.stringify(body ?? null)],
    queryFn: ({ signal }) =>
      body ? call('preCheck', { query: amending ? { amending } : {}, body }, { signal }) : Promise.reject(new Error('incomplete')),
    enabled: body !== undefined,
    staleTime: 60_000,
  })
  return (
    <Panel title={<>预审 {isFetching && <Tag>正在核算…</Tag>}</>}>
      <div aria-live="polite">
        {issues.length > 0 && <Issues issues={issues} />}
        {error && body && <ProblemAlert error={error} />}
        {data && body && (
          <Box sx={{ display: 'grid', gap: 1.5 }}>
            <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
              <Tag tone={OUTCOMES[data.outcome].tone}>{OUTCOMES[data.outcome].label}</Tag>
              {data.outcome !== 'refused' && (
                <strong>
                  可贷 {yuan(data.amountFen)} 元，{monthsText(data.months)}
                </strong>
              )}
            </Box>
            {data.ratePercent && <Box sx={{ color: 'text.secondary' }}>年利率 {data.ratePercent}%（以放款日执行的利率为准）</Box>}
            <Reasons reasons={data.reasons} notes={data.notes} />
            <Ceilings ceilings={data.ceilings} narrow />
          </Box>
        )}
      </div>
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', mt: 1.5 }}>
        预审与正式审核用同一套规则，只供参考，不留案件；征信和失信记录在受理后凭授权书查询。
      </Box>
    </Panel>
  )
}

const Issues = ({ issues }: { issues: readonly FormIssue[] }) => {
  const { setFocus } = useFormContext<LoanForm>()
  return (
    <>
      <Box sx={{ mb: 1 }}>还有 {issues.length} 项待填写或更正，点选可跳转：</Box>
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {issues.slice(0, SHOWN_ISSUES).map(({ path, message }) => (
          <li key={path + message}>
            <ButtonBase
              onClick={() => setFocus(path as FieldPath<LoanForm>)}
              sx={{
                display: 'flex',
                width: '100%',
                justifyContent: 'space-between',
                gap: 1,
                py: 0.375,
                px: 0.75,
                mx: -0.75,
                borderRadius: 1,
                textAlign: 'left',
                '&:hover': { bgcolor: 'action.hover' },
              }}
            >
              <span>{pathLabel(path)}</span>
              <Box
                component="span"
                sx={{ color: message === '请填写' ? 'text.secondary' : 'error.main', fontSize: '0.75rem', textAlign: 'right' }}
              >
                {message}
              </Box>
            </ButtonBase>
          </li>
        ))}
      </Box>
      {issues.length > SHOWN_ISSUES && <Box sx={{ color: 'text.secondary' }}>……另有 {issues.length - SHOWN_ISSUES} 项</Box>}
    </>
  )
}
