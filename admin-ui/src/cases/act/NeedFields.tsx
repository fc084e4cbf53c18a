import { DELIVERY_METHODS } from '#contracts/delivery.ts'
import { fieldsNeeded } from '#contracts/stages.ts'
import { yuanWords } from '#contracts/yuan-words.ts'
import { Box, FormControl, FormControlLabel, FormHelperText, FormLabel, MenuItem, Radio, RadioGroup, TextField } from '@mui/material'
import { DateField } from '../../common/DateField.tsx'
import { monthsText, parseAmount, yuan } from '../../common/figures.ts'
import type { ActionView, CaseView } from '../case-text.ts'
import { latestVerdict, type PartProps } from './decision-draft.ts'
import { fen } from '#contracts/money.ts'

export const TargetPart = ({ draft, change, tried, action }: PartProps & { action: ActionView }) => (
  <FormControl error={tried && draft.to === ''}>
    <FormLabel id="act-to">退回到</FormLabel>
    <RadioGroup aria-labelledby="act-to" row value={draft.to} onChange={(_, to) => change({ to })}>
      {action.to.map(({ stage, label }) => (
        <FormControlLabel key={stage} value={stage} control={<Radio size="small" />} label={label} />
      ))}
    </RadioGroup>
  </FormControl>
)

/** Amount and term, with the amount in words and the rules' own ceiling beside it. */
export const TermsPart = ({ draft, change, tried, view }: PartProps & { view: CaseView }) => {
  const amount = parseAmount(draft.amount)
  const verdict = latestVerdict(view)
  const ceilingFen = verdict && verdict.outcome !== 'refused' ? BigInt(verdict.amountFen) : undefined
  const over = amount !== undefined && ceilingFen !== undefined && amount > ceilingFen
  const words = amount === undefined ? (draft.amount ? '金额格式不正确' : '可填 650000、650,000 或 65万') : `大写：${yuanWords(amount)}`
  return (
    <Box sx={{ display: 'grid', gap: 1.75 }}>
      <TextField
        label="金额（元）"
        value={draft.amount}
        onChange={({ target }) => change({ amount: target.value })}
        error={(tried && !amount) || over || (draft.amount !== '' && amount === undefined)}
        helperText={over ? `${words}。超过规则可贷金额 ${yuan(fen(ceilingFen).toString())} 元` : words}
        slotProps={{ htmlInput: { inputMode: 'decimal' } }}
      />
      <TextField
        label="期限（月）"
        value={draft.months}
        onChange={({ target }) => change({ months: target.value.replace(/\D/g, '').slice(0, 3) })}
        error={tried && draft.months === ''}
        helperText={draft.months ? monthsText(Number(draft.months)) : ' '}
        slotProps={{ htmlInput: { inputMode: 'numeric' } }}
      />
      <Box sx={{ px: 1.25, py: 1, borderRadius: 1, bgcolor: 'action.hover' }}>
        {verdict ? (
          verdict.outcome === 'refused' ? (
            <RefusedCeilings ceilings={verdict.ceilings} />
          ) : (
            `规则可贷：${yuan(verdict.amountFen)} 元，${monthsText(verdict.months)}，年利率 ${verdict.ratePercent}%`
          )
        ) : (
          '尚无规则结论。'
        )}
        {view.case.amountFen && <div>申请金额：{yuan(view.case.amountFen)} 元</div>}
      </Box>
    </Box>
  )
}

/** Special approval lifts what it may; the ceilings bind it as well. */
const RefusedCeilings = ({ ceilings }: Pick<NonNullable<ReturnType<typeof latestVerdict>>, 'ceilings'>) =>
  ceilings.length === 0 ? (
    <>规则结论为不符合，没有可贷金额。</>
  ) : (
    <>
      规则结论为不符合。特审亦须遵守各项额度上限：
      <Box component="ul" aria-label="额度上限" sx={{ m: 0, my: 0.5, p: 0, listStyle: 'none' }}>
        {ceilings.map(({ code, label, limitFen }) => (
          <Box key={code} component="li" sx={{ display: 'flex', justifyContent: 'space-between' }}>
            <span>{label}</span>
            <span>{yuan(limitFen)} 元</span>
          </Box>
        ))}
      </Box>
    </>
  )

export const FieldsPart = ({ draft, change, tried, needs }: PartProps & { needs: readonly string[] }) => (
  <>
    {fieldsNeeded(needs).map(({ name, label, type, optional }) => {
      const value = draft.fields[name] ?? ''
      const common = {
        label,
        value,
        error: tried && !optional && value.trim() === '',
        onChange: ({ target }: { target: { value: string } }) => change({ fields: { ...draft.fields, [name]: target.value } }),
      }
      if (name === 'deliveryMethod') {
        return (
          <TextField key={name} select {...common}>
            {DELIVERY_METHODS.map((method) => (
              <MenuItem key={method} value={method}>
                {method}
              </MenuItem>
            ))}
          </TextField>
        )
      }
      if (type === 'date') {
        return (
          <DateField
            key={name}
            label={label}
            value={value}
            error={common.error}
            onChange={(date) => change({ fields: { ...draft.fields, [name]: date } })}
          />
        )
      }
      return <TextField key={name} {...common} />
    })}
  </>
)

export const StepUpPart = ({ draft, change, tried }: PartProps) => (
  <FormControl>
    <TextField
      label="动态口令"
      value={draft.oneTimeCode}
      onChange={({ target }) => change({ oneTimeCode: target.value.replace(/\D/g, '').slice(0, 6) })}
      error={tried && draft.oneTimeCode.length !== 6}
      slotProps={{ htmlInput: { inputMode: 'numeric', autoComplete: 'one-time-code' } }}
    />
    <FormHelperText>此操作涉及资金或权限，须重新输入6位动态口令。</FormHelperText>
  </FormControl>
)
