import { Autocomplete, TextField } from '@mui/material'
import { useReference } from '../../api/use-call.ts'
import type { PartProps } from './decision-draft.ts'

/** The reason by its code, so that letters and statistics agree; the words of the opinion stand beside it. */
export const ReasonPart = ({ draft, change, tried }: PartProps) => {
  const { data } = useReference()
  const codes = data?.reasonCodes ?? []
  return (
    <Autocomplete
      options={codes}
      value={codes.find(({ code }) => code === draft.reasonCode) ?? null}
      onChange={(_, chosen) => change({ reasonCode: chosen?.code ?? '' })}
      getOptionLabel={({ label }) => label}
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
