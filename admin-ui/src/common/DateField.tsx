import { parsePlainDate } from '#contracts/dates.ts'
import { TextField, type TextFieldProps } from '@mui/material'

/** `20251110`, `2025.11.10`, `2025/11/10`, `2025年11月10日` → `2025-11-10`; anything else stays as typed. */
export function normaliseDate(text: string): string {
  const [, year, month, day] = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*$/.exec(text.normalize('NFKC')) ?? []
  return year && month && day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text
}

interface DateFieldProps {
  label: string
  value: string
  onChange: (date: string) => void
  error?: boolean
  sx?: TextFieldProps['sx']
}

/** A date as the house writes it. The browser's own picker would follow the browser's language instead. */
export const DateField = ({ label, value, onChange, error = false, sx = {} }: DateFieldProps) => {
  const wrong = value !== '' && parsePlainDate(normaliseDate(value)) === undefined
  return (
    <TextField
      label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      onBlur={() => onChange(normaliseDate(value))}
      error={error || (wrong && value.length >= 8)}
      placeholder="2025-11-03"
      sx={sx}
      slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 12, autoComplete: 'off' } }}
    />
  )
}
