import { Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { focusFirst } from './first-field.ts'
import { ProblemAlert } from './ProblemAlert.tsx'

interface AskDialogProps {
  title: string
  open: boolean
  onClose: () => void
  /** Runs when the person confirms; the dialog closes when it resolves and shows the problem when it rejects. */
  onConfirm: () => Promise<unknown>
  confirmLabel?: string
  confirmColor?: 'primary' | 'error' | 'warning'
  disabled?: boolean
  children: ReactNode
  width?: 'xs' | 'sm' | 'md' | 'lg'
}

/** A question before a command. Pessimistic: nothing looks done before the server has said so, and what was typed stays. */
export const AskDialog = (props: AskDialogProps) => {
  const {
    title,
    open,
    onClose,
    onConfirm,
    confirmLabel = '确定',
    confirmColor = 'primary',
    disabled = false,
    children,
    width = 'sm',
  } = props
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (open) setError(undefined)
  }, [open])
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (disabled || busy) return
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onClose()
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open={open} onClose={busy ? undefined : onClose} fullWidth maxWidth={width} aria-labelledby="ask-title">
      <form ref={focusFirst} onSubmit={(event) => void submit(event)} noValidate>
        <DialogTitle id="ask-title">{title}</DialogTitle>
        <DialogContent>
          {children}
          {error !== undefined && <ProblemAlert error={error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose} disabled={busy}>
            取消
          </Button>
          <Button type="submit" variant="contained" color={confirmColor} disabled={disabled || busy}>
            {busy ? '正在办理…' : confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
