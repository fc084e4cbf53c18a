import { Autocomplete, TextField } from '@mui/material'
import { useReference } from '../../api/use-call.ts'
import type { CaseView } from '../case-text.ts'
import { latestVerdict, type PartProps } from './decision-draft.ts'

/** The reason by its code, so that letters and statistics agree; the words of the opinion stand beside it. A letter of refusal gives them all. */
export const ReasonPart = ({ draft, change, tried, view, several }: PartProps & { view: CaseView; several: boolean }) => {
  const { data } = useReference()
  const found = new Set(latestVerdict(view)?.reasons.map(({ code }) => code))
  // What the rules have found comes first; the order within is the catalogue's.
  const codes = [...(data?.reasonCodes ?? [])].sort((a, b) => Number(found.has(b.code)) - Number(found.has(a.code)))
  const others = codes.filter(({ code }) => code !== draft.reasonCode)
  const choice = {
    getOptionLabel: ({ label }: { label: string }) => label,
    isOptionEqualToValue: (a: { code: string }, b: { code: string }) => a.code === b.code,
    noOptionsText: '没有符合的理由',
    ...(found.size > 0 ? { groupBy: ({ code }: { code: string }) => (found.has(code) ? '规则结论所列' : '其他理由') } : {}),
  }
  return (
    <>
      <Autocomplete
        {...choice}
        options={codes}
        value={codes.find(({ code }) => code === draft.reasonCode) ?? null}
        onChange={(_, chosen) => change({ reasonCode: chosen?.code ?? '' })}
        renderInput={(props) => (
          <TextField
            {...props}
            label="理由"
            error={tried && draft.reasonCode === ''}
            helperText={codes.find(({ code }) => code === draft.reasonCode)?.article ?? '理由须附条款依据'}
          />
        )}
      />
      {several && (
        <Autocomplete
          {...choice}
          multiple
          options={others}
          value={others.filter(({ code }) => draft.furtherReasonCodes.includes(code))}
          onChange={(_, chosen) => change({ furtherReasonCodes: chosen.map(({ code }) => code) })}
          renderInput={(props) => <TextField {...props} label="一并列明的其他情形（可多选）" helperText="通知书将逐条写明全部理由" />}
        />
      )}
    </>
  )
}
