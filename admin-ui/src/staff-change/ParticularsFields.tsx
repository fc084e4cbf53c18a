import { RELATIONS, type Relation } from '#contracts/staff-change.ts'
import { Autocomplete, Box, MenuItem, TextField } from '@mui/material'
import { useCall } from '../api/use-call.ts'
import { idNumberHint, isWrongIdNumber } from '../common/id-number.ts'
import { useComposedText } from '../common/use-composed.ts'
import { useDebounced } from '../common/use-debounced.ts'
import type { TypedChange, Unit } from './typed-change.ts'

const EMPLOYER = '其他工作单位'

interface FieldsProps {
  value: TypedChange
  onChange: (typed: Partial<TypedChange>) => void
}

/** 回避信息 of somebody who is here: the number, the employer, or both. */
export const ParticularsFields = ({ value, onChange }: FieldsProps) => (
  <>
    <IdNumberInput value={value.idNumber} onChange={(idNumber) => onChange({ idNumber })} hint="不变更的留空" />
    <TextField
      select
      label={EMPLOYER}
      value={value.employer}
      onChange={({ target }) => onChange({ employer: target.value as TypedChange['employer'] })}
      helperText="本中心以外的，如借调、派驻人员的派出单位；与借款家庭同一单位的，应当回避"
    >
      <MenuItem value="KEEP">不变更</MenuItem>
      <MenuItem value="SET">登记单位</MenuItem>
      <MenuItem value="CLEAR">没有（注销原登记）</MenuItem>
    </TextField>
    {value.employer === 'SET' && <UnitPicker label="单位" value={value.unit} onChange={(unit) => onChange({ unit })} />}
  </>
)

/** 近亲属: by number alone; the relation only when one is declared. */
export const RelativeFields = ({ value, onChange, declared }: FieldsProps & { declared: boolean }) => (
  <>
    {declared && (
      <TextField
        select
        label="亲属关系"
        value={value.relation}
        onChange={({ target }) => onChange({ relation: target.value as Relation })}
        helperText="该亲属是此人的何人；在其为当事人的案件中，此人应当回避"
      >
        {Object.entries(RELATIONS).map(([code, label]) => (
          <MenuItem key={code} value={code}>
            {label}
          </MenuItem>
        ))}
      </TextField>
    )}
    <IdNumberInput
      label="近亲属的身份证号码"
      value={value.idNumber}
      onChange={(idNumber) => onChange({ idNumber })}
      hint={declared ? '与证件一致；加密保存' : '与原登记一致'}
    />
  </>
)

interface IdNumberInputProps {
  label?: string
  value: string
  onChange: (text: string) => void
  hint: string
}

/** 身份证号码: which part is wrong is said as soon as the number is there in full. */
export const IdNumberInput = ({ label = '身份证号码', value, onChange, hint }: IdNumberInputProps) => {
  const text = value.trim()
  return (
    <TextField
      label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      error={isWrongIdNumber(text)}
      helperText={idNumberHint(text) ?? hint}
      slotProps={{ htmlInput: { maxLength: 18, autoComplete: 'off' } }}
    />
  )
}

interface UnitPickerProps {
  label?: string
  hint?: string
  value: Unit | null
  onChange: (unit: Unit | null) => void
}

/** Looks for units as one types: two characters of the name, or the beginning of a number. */
export const UnitPicker = ({ label = EMPLOYER, hint, value, onChange }: UnitPickerProps) => {
  const { text, settled, set, inputProps } = useComposedText()
  const q = useDebounced(settled.trim(), 250)
  const { data, isFetching } = useCall(['units', q], 'findUnits', { query: { q } }, { enabled: q.length >= 2 })
  return (
    <Autocomplete
      options={q.length >= 2 ? (data?.rows ?? []) : []}
      value={value}
      onChange={(_, unit) => onChange(unit)}
      inputValue={text}
      onInputChange={(_, next) => set(next)}
      // The server has looked already, by numbers as well, which the label does not show.
      filterOptions={(found) => found}
      getOptionLabel={({ name }) => name}
      getOptionKey={({ unitId }) => unitId}
      isOptionEqualToValue={(a, b) => a.unitId === b.unitId}
      renderOption={({ key, ...props }, unit) => (
        <Box component="li" key={key} {...props} sx={{ gap: 2 }}>
          {unit.name}
          <Box component="span" sx={{ ml: 'auto', color: 'text.secondary', whiteSpace: 'nowrap' }}>
            {unit.unitNumber}
          </Box>
        </Box>
      )}
      loading={isFetching || settled.trim() !== q}
      loadingText="正在查找…"
      noOptionsText={q.length >= 2 ? '没有此单位' : '请输入单位名称、登记号或统一社会信用代码'}
      renderInput={(props) => (
        <TextField
          {...props}
          label={label}
          {...(hint ? { helperText: hint } : {})}
          onCompositionStart={inputProps.onCompositionStart}
          onCompositionEnd={inputProps.onCompositionEnd}
        />
      )}
    />
  )
}
