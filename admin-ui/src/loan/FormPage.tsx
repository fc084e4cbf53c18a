import { Box, Button } from '@mui/material'
import { useEffect, useState, type ReactNode } from 'react'
import { FormProvider, useForm, type FieldErrors, type FieldPath, type Resolver } from 'react-hook-form'
import { ApiProblem } from '../api/problem.ts'
import { FootBar } from '../common/FootBar.tsx'
import { ProblemAlert } from '../common/ProblemAlert.tsx'
import { ApplicationForm } from './ApplicationForm.tsx'
import { CoveredContext } from './Fields.tsx'
import { readForm, type ApplicationBody, type LoanForm } from './form-model.ts'
import { PreCheckPanel } from './PreCheckPanel.tsx'

interface FormPageProps {
  initial: LoanForm
  covered?: Readonly<Record<string, string>>
  submitLabel: string
  onSubmit: (body: ApplicationBody) => Promise<void>
  /** The case whose form is corrected: its own application is no duplicate of it. */
  amending?: string
  /** Sees every change, for autosave. */
  onChange?: (form: LoanForm) => void
  footNote?: ReactNode
  footActions?: ReactNode
}

/** The application form with its pre-check beside it and its buttons at the foot; used to apply and to correct alike. */
export const FormPage = ({ initial, covered = {}, submitLabel, onSubmit, amending, onChange, footNote, footActions }: FormPageProps) => {
  const form = useForm<LoanForm>({ defaultValues: initial, mode: 'onBlur', resolver })
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    const subscription = form.watch(() => onChange?.(form.getValues()))
    return () => subscription.unsubscribe()
  }, [form, onChange])
  const submit = form.handleSubmit(async (values) => {
    const { body } = readForm(values)
    if (!body) return
    setError(undefined)
    try {
      await onSubmit(body)
    } catch (problem) {
      setError(problem)
      for (const { pointer, detail } of problem instanceof ApiProblem ? (problem.problem.errors ?? []) : []) {
        form.setError(pointer.replace(/^#\//, '').replaceAll('/', '.') as FieldPath<LoanForm>, { message: detail })
      }
    }
  })
  return (
    <FormProvider {...form}>
      <CoveredContext value={covered}>
        <form noValidate onSubmit={(event) => void submit(event)}>
          <Box
            sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', md: 'minmax(0, 1fr) 360px' }, gap: 1.5, alignItems: 'start', pb: 9 }}
          >
            <div>
              <ApplicationForm />
              {error !== undefined && <ProblemAlert error={error} />}
            </div>
            <Box sx={{ position: { md: 'sticky' }, top: 66, maxHeight: { md: 'calc(100vh - 140px)' }, overflowY: 'auto' }}>
              <PreCheckPanel amending={amending} />
            </Box>
          </Box>
          <FootBar label="提交">
            <Box sx={{ color: 'text.secondary', mr: 'auto' }} role="status">
              {footNote}
            </Box>
            {footActions}
            <Button type="submit" variant="contained" size="medium" disabled={form.formState.isSubmitting}>
              {form.formState.isSubmitting ? '正在提交…' : submitLabel}
            </Button>
          </FootBar>
        </form>
      </CoveredContext>
    </FormProvider>
  )
}

/** The contract's schema is the only judge: what it says about a path is that field's error. */
const resolver: Resolver<LoanForm> = (values) => {
  const { body, issues } = readForm(values)
  if (body) return { values, errors: {} }
  const errors: Record<string, unknown> = {}
  for (const { path, message } of issues) place(errors, path.split('.'), { type: 'contract', message })
  return { values: {}, errors: errors as FieldErrors<LoanForm> }
}

function place(errors: Record<string, unknown>, path: readonly string[], leaf: { type: string; message: string }): void {
  const [step = 'root', ...rest] = path
  if (rest.length === 0) {
    errors[step] ??= leaf
    return
  }
  const next = (errors[step] ??= {}) as Record<string, unknown>
  place(next, rest, leaf)
}
