import { yuanWords } from '#contracts/yuan-words.ts'
import { MenuItem, TextField } from '@mui/material'
import { createContext, use, type ReactNode } from 'react'
import { useController, type FieldPath } from 'react-hook-form'
import { parseAmount } from '../common/figures.ts'
import { idNumberHint } from '../common/id-number.ts'
import { FIELD_LABELS } from './labels.ts'
import type { LoanForm } from './form-model.ts'

type Path = FieldPath<LoanForm>

/** What stood in a field that the server covered, by path: shown as a hint until the field is typed again. */
export const CoveredContext = createContext<Readonly<Record<string, string>>>({})

interface FieldProps {
  path: Path
  label?: string
  hint?: ReactNode
  /** Takes two columns of the three. */
  wide?: boolean
  type?: 'text' | 'number'
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel'
  maxLength?: number
  end?: ReactNode
}

const labelOf = (path: string): string => FIELD_LABELS[path.split('.').at(-1) ?? ''] ?? path

/** One labelled text field of the form; the contract's complaint takes the hint's place. */
export const Field = ({ path, label = labelOf(path), hint, wide = false, inputMode = 'text', maxLength, end }: FieldProps) => {
  const { field, fieldState } = useController<LoanForm>({ name: path })
  const covered = use(CoveredContext)[path]
  const value = typeof field.value === 'string' ? field.value : ''
  const quiet = hint ?? (covered && value === '' ? `原填 ${covered}，请按证件重新录入` : ' ')
  return (
    <TextField
      label={label}
      name={field.name}
      inputRef={field.ref}
      value={value}
      onChange={field.onChange}
      onBlur={field.onBlur}
      error={fieldState.error !== undefined}
      helperText={fieldState.error?.message ?? quiet}
      sx={wide ? { gridColumn: { xs: 'auto', md: 'span 2' } } : {}}
      slotProps={{
        htmlInput: { inputMode, autoComplete: 'off', ...(maxLength ? { maxLength } : {}) },
        ...(end ? { input: { endAdornment: end } } : {}),
      }}
    />
  )
}

/** An amount in yuan with its words underneath while it is typed. */
export const MoneyField = ({ path, label }: { path: Path; label?: string }) => {
  const { field } = useController<LoanForm>({ name: path })
  const amount = parseAmount(typeof field.value === 'string' ? field.value : '')
  return <Field path={path} inputMode="decimal" {...(label ? { label } : {})} hint={amount === undefined ? undefined : yuanWords(amount)} />
}

/** 身份证号码: says how many places are there, then which part is wrong; it offers no correction. */
export const IdNumberField = ({ path, end }: { path: Path; end?: ReactNode }) => {
  const { field } = useController<LoanForm>({ name: path })
  const text = typeof field.value === 'string' ? field.value.trim() : ''
  return <Field path={path} maxLength={18} hint={idNumberHint(text)} end={end} />
}

interface ChoiceFieldProps {
  path: Path
  label?: string
  choices: readonly (readonly [code: string, label: string])[]
  optional?: boolean
}

export const ChoiceField = ({ path, label = labelOf(path), choices, optional = false }: ChoiceFieldProps) => {
  const { field, fieldState } = useController<LoanForm>({ name: path })
  const value = typeof field.value === 'string' ? field.value : ''
  return (
    <TextField
      select
      label={label}
      name={field.name}
      inputRef={field.ref}
      value={choices.some(([code]) => code === value) ? value : ''}
      onChange={field.onChange}
      onBlur={field.onBlur}
      error={fieldState.error !== undefined}
      helperText={fieldState.error?.message ?? ' '}
    >
      {optional && <MenuItem value="">无</MenuItem>}
      {choices.map(([code, text]) => (
        <MenuItem key={code} value={code}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  )
}
