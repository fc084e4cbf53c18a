import { Alert, Button } from '@mui/material'
import { minuteText } from '../../common/figures.ts'
import type { ActionView, CaseView } from '../case-text.ts'

interface ChangedNoteProps {
  view: CaseView
  action: ActionView
  /** The officer has looked again and goes on with the case as it is now. */
  onSeen: () => void
}

/** The case has moved since the panel was opened. What was typed stays; nothing is sent before the officer has said to have seen it. */
export const ChangedNote = ({ view, action, onSeen }: ChangedNoteProps) => {
  // The person who moved it matters more than what the machine did afterwards.
  const last = view.timeline.findLast(({ kind }) => kind === 'DECISION')
  const still =
    action.action === 'recall' ? view.canRecall.allowed : view.actions.some((one) => one.action === action.action && one.allowed)
  return (
    <Alert
      severity="warning"
      role="alert"
      action={
        still && (
          <Button color="inherit" onClick={onSeen} sx={{ whiteSpace: 'nowrap' }}>
            已重新核对
          </Button>
        )
      }
    >
      案件在您填写期间已有变化
      {last && `：${last.person ?? ''}于 ${minuteText(last.at)} 办理${last.stageLabel ? `“${last.stageLabel}”` : ''}`}，现为“
      {view.case.stageLabel}”。
      {still ? '请重新核对后再办理。' : `现环节不能再“${action.label}”，您填写的内容仍保留在此。`}
    </Alert>
  )
}
