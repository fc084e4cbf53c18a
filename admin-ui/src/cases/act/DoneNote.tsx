import { Alert, Button } from '@mui/material'
import { forwardRef } from 'react'
import { Link } from 'react-router'

interface DoneNoteProps {
  caseId: string
  caseNumber: string
  done: string
  stageLabel: string
  nextNumber?: string
}

/** What was done, and the way back to it: the navigation can be undone, the decision not. */
export const DoneNote = forwardRef<HTMLDivElement, DoneNoteProps>(function DoneNote(
  { caseId, caseNumber, done, stageLabel, nextNumber },
  ref,
) {
  return (
    <Alert
      ref={ref}
      severity="success"
      variant="filled"
      action={
        nextNumber && (
          <Button component={Link} to={`/cases/${caseId}`} color="inherit" sx={{ whiteSpace: 'nowrap' }}>
            返回
          </Button>
        )
      }
    >
      {caseNumber} 已办理“{done}”{stageLabel && `，现为“${stageLabel}”`}
      {nextNumber && `。已打开下一件 ${nextNumber}`}
    </Alert>
  )
})
