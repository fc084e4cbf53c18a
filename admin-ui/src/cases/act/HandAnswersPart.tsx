import { handKey } from '#contracts/hand-answers.ts'
import {
  Box,
  Button,
  FormControl,
  FormControlLabel,
  FormHelperText,
  FormLabel,
  InputAdornment,
  Radio,
  RadioGroup,
  TextField,
} from '@mui/material'
import type { CaseView } from '../case-text.ts'
import type { PartProps } from './decision-draft.ts'
import { answerOf, fieldsOf, isAnswering, PAPERS, type HandField, type Question, type TypedAnswer } from './hand-answers.ts'

/** 人工核验: for each source that has not answered, what the paper says, and which paper that is. */
export const HandAnswersPart = ({ draft, change, tried, view }: PartProps & { view: CaseView }) => {
  const set = (question: Question, typed: TypedAnswer): void => {
    change({ answers: { ...draft.answers, [handKey(question)]: typed } })
  }
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box sx={{ color: 'text.secondary' }}>按纸质凭证如实登记；登记后系统按核验结果重新审核，结论以重新审核为准。</Box>
      {view.questions.map((question) => {
        const typed = draft.answers[handKey(question)] ?? {}
        return (
          <Box
            key={handKey(question)}
            component="fieldset"
            sx={{ m: 0, p: 1.5, border: 1, borderColor: 'divider', borderRadius: 1, display: 'grid', gap: 1.5 }}
          >
            <Box component="legend" sx={{ px: 0.5, fontWeight: 600 }}>
              {question.what}
            </Box>
            {isAnswering(question, draft.answers) ? (
              <Answering question={question} typed={typed} tried={tried} onChange={(next) => set(question, next)} />
            ) : (
              <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
                <Box sx={{ flexGrow: 1, color: 'text.secondary' }}>已核验（凭：{question.answeredBy}）</Box>
                <Button onClick={() => set(question, {})} sx={{ flexShrink: 0 }}>
                  重新登记
                </Button>
              </Box>
            )}
          </Box>
        )
      })}
    </Box>
  )
}

interface AnsweringProps {
  question: Question
  typed: TypedAnswer
  tried: boolean
  onChange: (typed: TypedAnswer) => void
}

const Answering = ({ question, typed, tried, onChange }: AnsweringProps) => {
  const result = answerOf(question, typed)
  const wrong = tried && 'wrong' in result ? result.wrong : new Map<string, string>()
  const set = (name: string) => (value: string) => onChange({ ...typed, [name]: value })
  return (
    <>
      {question.cause && (
        <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
          {question.source}：{question.cause}
        </Box>
      )}
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1.5 }}>
        {fieldsOf(question.question, typed).map((field) => (
          <HandInput
            key={field.name}
            id={`${handKey(question)}-${field.name}`}
            field={field}
            value={typed[field.name] ?? ''}
            complaint={wrong.get(field.name)}
            onChange={set(field.name)}
          />
        ))}
      </Box>
      <TextField
        label="核验依据（材料名称、编号）"
        value={typed['reference'] ?? ''}
        onChange={({ target }) => set('reference')(target.value)}
        error={wrong.has('reference')}
        helperText={wrong.get('reference') ?? PAPERS[question.question]}
        slotProps={{ htmlInput: { maxLength: 100 } }}
      />
    </>
  )
}

interface HandInputProps {
  id: string
  field: HandField
  value: string
  complaint: string | undefined
  onChange: (value: string) => void
}

const HandInput = ({ id, field, value, complaint, onChange }: HandInputProps) => {
  if (field.type === 'choice') {
    return (
      <FormControl error={complaint !== undefined} sx={{ gridColumn: '1 / -1' }}>
        <FormLabel id={id}>{field.label}</FormLabel>
        <RadioGroup row aria-labelledby={id} value={value} onChange={(_, chosen) => onChange(chosen)}>
          {Object.entries(field.words).map(([word, label]) => (
            <FormControlLabel key={word} value={word} control={<Radio size="small" />} label={label} />
          ))}
        </RadioGroup>
        {complaint !== undefined && <FormHelperText>{complaint}</FormHelperText>}
      </FormControl>
    )
  }
  const wide = field.label.length > 12 ? { gridColumn: '1 / -1' } : {}
  return (
    <TextField
      label={field.label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      error={complaint !== undefined}
      helperText={complaint}
      sx={wide}
      slotProps={{
        htmlInput: { inputMode: field.type === 'yuan' ? 'decimal' : 'numeric', autoComplete: 'off' },
        ...(field.type === 'count' ? { input: { endAdornment: <InputAdornment position="end">{field.unit}</InputAdornment> } } : {}),
      }}
    />
  )
}
