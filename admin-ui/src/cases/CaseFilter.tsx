import { CASE_KINDS, type CaseKind } from '#contracts/cases.ts'
import { Box, Button, Checkbox, FormControlLabel, MenuItem, Paper, TextField } from '@mui/material'
import { useEffect, useState, type FormEvent } from 'react'
import { useListContext } from 'react-admin'
import { stageChoices } from './case-text.ts'

type Filter = Partial<Record<'q' | 'kind' | 'stage' | 'claimed' | 'due' | 'returned' | 'open' | 'unread', string>>

/** What a list is searched for, beside its filter. */
export interface Searching {
  searched: string
  search: (words: string) => void
  /** Neither words nor filter any more. */
  clear: () => void
}

/** The query form above a list: nothing is asked until 查询 is pressed, so half-typed pinyin asks nothing. */
export const CaseFilter = ({ list, searched, search, clear }: { list: string } & Searching) => {
  const { filterValues, setFilters } = useListContext()
  const [values, setValues] = useState<Filter>({ ...filterValues, q: searched })
  useEffect(() => setValues({ ...filterValues, q: searched }), [filterValues, searched])
  const apply = (event: FormEvent): void => {
    event.preventDefault()
    const { q = '', ...filter } = values
    search(q)
    setFilters(Object.fromEntries(Object.entries(filter).filter(([, value]) => value)), undefined, false)
  }
  return (
    <Paper
      component="form"
      role="search"
      aria-label="查询条件"
      className="no-print"
      onSubmit={apply}
      sx={{ p: 1.5, mb: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1.25, alignItems: 'center' }}
    >
      <FilterFields list={list} values={values} onChange={setValues} />
      <Box sx={{ ml: 'auto', display: 'flex', gap: 1 }}>
        <Button type="submit" variant="contained">
          查询
        </Button>
        <Button variant="outlined" onClick={clear}>
          重置
        </Button>
      </Box>
    </Paper>
  )
}

const CLAIMS = [
  ['mine', '我已认领'],
  ['none', '无人认领'],
] as const

const DUE = [
  ['overdue', '已超期'],
  ['today', '今日到期'],
] as const

const OPEN = [
  ['true', '办理中'],
  ['false', '已办结'],
] as const

const FilterFields = ({ list, values, onChange }: { list: string; values: Filter; onChange: (values: Filter) => void }) => {
  const set = (part: Filter): void => onChange({ ...values, ...part })
  return (
    <>
      <TextField
        label="案号、姓名、证件号后四位"
        value={values.q ?? ''}
        onChange={({ target }) => set({ q: target.value })}
        sx={{ width: 210 }}
      />
      <Choice label="类型" value={values.kind ?? ''} choices={Object.entries(CASE_KINDS)} onChange={(kind) => set({ kind, stage: '' })} />
      <Choice
        label="环节"
        value={values.stage ?? ''}
        choices={stageChoices(kindOf(values.kind)).map(({ stage, label }) => [stage, label])}
        onChange={(stage) => set({ stage })}
      />
      {list === 'todo' && <Choice label="认领" value={values.claimed ?? ''} choices={CLAIMS} onChange={(claimed) => set({ claimed })} />}
      {list === 'cases' && <Choice label="状态" value={values.open ?? ''} choices={OPEN} onChange={(open) => set({ open })} />}
      <Choice label="期限" value={values.due ?? ''} choices={DUE} onChange={(due) => set({ due })} />
      <Only label="只看退回" checked={values.returned === 'true'} onChange={(on) => set({ returned: on ? 'true' : '' })} />
      {list === 'copied' && (
        <Only label="只看未阅" checked={values.unread === 'true'} onChange={(on) => set({ unread: on ? 'true' : '' })} />
      )}
    </>
  )
}

const Only = ({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) => (
  <FormControlLabel
    label={label}
    control={<Checkbox size="small" checked={checked} onChange={({ target }) => onChange(target.checked)} />}
    slotProps={{ typography: { sx: { fontSize: '0.8125rem' } } }}
  />
)

const kindOf = (kind: string | undefined): CaseKind | undefined => (kind && kind in CASE_KINDS ? (kind as CaseKind) : undefined)

interface ChoiceProps {
  label: string
  value: string
  choices: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}

const Choice = ({ label, value, choices, onChange }: ChoiceProps) => (
  <TextField
    select
    label={label}
    value={choices.some(([code]) => code === value) ? value : ''}
    onChange={({ target }) => onChange(target.value)}
    sx={{ width: 122 }}
  >
    <MenuItem value="">全部</MenuItem>
    {choices.map(([code, text]) => (
      <MenuItem key={code} value={code}>
        {text}
      </MenuItem>
    ))}
  </TextField>
)
