import { Autocomplete, TextField } from '@mui/material'
import { useReference } from '../../api/use-call.ts'
import type { CaseView } from '../case-text.ts'
import { latestVerdict, type PartProps } from './decision-draft.ts'

/** The reason by its code, so that letters and statistics agree; the words of the opinion stand beside it. */
export const ReasonPart = ({ draft, change, tried, view }: PartProps & { view: CaseView }) => {
  const { data } = useReference()
  const found = new Set(latestVerdict(view)?.reasons.map(({ code }) => code))
  // What the rules have found comes first; the order within is the catalogue's.
  const codes = [...(data?.reasonCodes ?? [])].sort((a, b) => Number(found.has(b.code)) - Number(found.has(a.code)))
  return (
    <Autocomplete
      options={codes}
      value={codes.find(({ code }) => code === draft.reasonCode) ?? null}
      onChange={(_, chosen) => change({ reasonCode: chosen?.code ?? '' })}
      getOptionLabel={({ label }) => label}
      {...(found.size > 0 ? { groupBy: ({ code }: { code: string }) => (found.has(code) ? '规则结论所列' : '其他理由') } : {})}
      isOptionEqualToValue={(a, b) => a.code === b.code}
      noOptionsText="没有符合的理由"
      renderInput={(props) => (
        <TextField
          {...props}
          label="理由"
          error={tried && draft.reasonCode === ''}
          helperText={codes.find(({ code }) => code === draft.reasonCode)?.article ?? '理由须附条款依据'}
        />
      )}
    />
  )
}
