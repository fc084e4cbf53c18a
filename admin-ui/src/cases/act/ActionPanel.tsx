import { Box, Button, Checkbox, Drawer, FormControlLabel, IconButton, Typography } from '@mui/material'
import CloseIcon from '@mui/icons-material/Close'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useStore } from 'react-admin'
import { isNotice } from '#contracts/cases.ts'
import { focusFirstEmpty } from '../../common/first-field.ts'
import { ProblemAlert } from '../../common/ProblemAlert.tsx'
import type { ActionView, CaseView } from '../case-text.ts'
import { ChangedNote } from './ChangedNote.tsx'
import { lackingOf, useDraft, wantsNeeded, type PartProps } from './decision-draft.ts'
import { FieldsPart, StepUpPart, TargetPart, TermsPart } from './NeedFields.tsx'
import { HandAnswersPart } from './HandAnswersPart.tsx'
import { MaterialsNote } from './MaterialsNote.tsx'
import { OpinionPart } from './OpinionPart.tsx'
import { ReasonPart } from './ReasonPart.tsx'
import { useDecide } from './use-decide.ts'
import { SecondNoticePart, WantsPart } from './WantsPart.tsx'

/** Decisions of a review with which further wants may travel; they are told to the applicant once, together. */
const mayCarryWants = (stage: string, action: string): boolean =>
  (stage === 'PRELIM_REVIEW' && action === 'pass') || action === 'supplement'

/** Decisions that say the papers are in order. */
const MATERIALS_MATTER: readonly string[] = ['accept', 'pass']

/** Decisions that rest on one reason: what special approval lifts. Whatever refuses gives all of them. */
const FOR_ONE_REASON: readonly string[] = ['approve-specially']

interface ActionPanelProps {
  view: CaseView
  action: ActionView
  onClose: () => void
}

/**
 * One decision: asks exactly for what the stage table says it needs. Nothing looks done before the server has said so; what was typed stays
 * through a refusal, a closed panel and F5.
 */
export const ActionPanel = ({ view, action, onClose }: ActionPanelProps) => {
  const { draft, change, discard } = useDraft(view, action)
  // The case the officer was looking at, not the one the page has followed to since.
  const [seen, setSeen] = useState<Seen>({ ...view.case, to: action.to })
  const changed = seen.stageVersion !== view.case.stageVersion
  const lookAgain = (): void => setSeen({ ...view.case, to: view.actions.find((one) => one.action === action.action)?.to ?? action.to })
  const { decide, busy, error } = useDecide(view, action, seen.stageVersion, discard, onClose)
  const [openNext, setOpenNext] = useStore('preferences.openNext', true)
  const [tried, setTried] = useState(false)
  const lacking = lackingOf(view, action, draft)
  const fields = useRef<HTMLDivElement>(null)
  useEffect(() => focusFirstEmpty(fields.current), [])
  const submit = (event?: FormEvent): void => {
    event?.preventDefault()
    setTried(true)
    if (lacking.length === 0 && !busy && !changed) void decide(draft, openNext)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
    if (event.key === 'Escape' && !event.defaultPrevented && !busy) onClose()
  }
  const parts = { draft, change, tried }
  return (
    // Not modal: the officer reads the case while writing about it.
    <Drawer
      anchor="right"
      variant="persistent"
      open
      className="no-print"
      slotProps={{
        paper: {
          sx: { width: 460, maxWidth: '100vw', top: 52, height: 'calc(100% - 52px)', zIndex: 1150, boxShadow: 8 },
          role: 'dialog',
          'aria-labelledby': 'act-title',
        },
      }}
    >
      <Box
        component="form"
        noValidate
        onSubmit={submit}
        onKeyDown={onKeyDown}
        sx={{ display: 'flex', flexDirection: 'column', height: '100%' }}
      >
        <PanelHead label={action.label} seen={seen} onClose={onClose} />
        <Box ref={fields} sx={{ flexGrow: 1, overflowY: 'auto', px: 2.5, py: 2, display: 'grid', gap: 2, alignContent: 'start' }}>
          <Needs view={view} action={action} {...parts} />
          {error !== undefined && !changed && <ProblemAlert error={error} />}
          {changed && !busy && <ChangedNote view={view} action={action} onSeen={lookAgain} />}
          {tried && lacking.length > 0 && <LackingNote lacking={lacking} />}
        </Box>
        <PanelFoot action={action} busy={busy} blocked={changed} openNext={openNext} onOpenNext={setOpenNext} onClose={onClose} />
      </Box>
    </Drawer>
  )
}

/** Where the case stood when the officer last looked, and where this decision led from there. */
type Seen = Pick<CaseView['case'], 'caseNumber' | 'stageLabel' | 'stageVersion'> & Pick<ActionView, 'to'>

const PanelHead = ({ label, seen, onClose }: { label: string; seen: Seen; onClose: () => void }) => (
  <Box sx={{ display: 'flex', alignItems: 'center', px: 2.5, py: 1.5, borderBottom: 1, borderColor: 'divider' }}>
    <Box>
      <Typography id="act-title" component="h2" variant="h2">
        {label}
      </Typography>
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
        {seen.caseNumber} · {seen.stageLabel}
        {seen.to.length === 1 && seen.to[0]?.label !== seen.stageLabel && ` → ${seen.to[0]?.label}`}
      </Box>
    </Box>
    <IconButton onClick={onClose} aria-label="关闭" sx={{ ml: 'auto' }}>
      <CloseIcon fontSize="small" />
    </IconButton>
  </Box>
)

/** Exactly what the stage table says the action needs, in the order in which an officer thinks of it. */
const Needs = ({ view, action, ...parts }: PartProps & Omit<ActionPanelProps, 'onClose'>) => {
  const needs = (need: string): boolean => action.needs.includes(need)
  return (
    <>
      {MATERIALS_MATTER.includes(action.action) && <MaterialsNote view={view} />}
      {action.action === 'recall' && <Box>撤回您最近作出的决定，案件回到原环节；原意见保留并标明已撤回。</Box>}
      {action.to.length > 1 && <TargetPart {...parts} action={action} />}
      {needs('reason') && <ReasonPart {...parts} view={view} several={!FOR_ONE_REASON.includes(action.action)} />}
      {needs('answers') && <HandAnswersPart {...parts} view={view} />}
      {needs('terms') && <TermsPart {...parts} view={view} />}
      <FieldsPart {...parts} needs={action.needs} />
      {(needs('wants') || mayCarryWants(view.case.stage, action.action)) && (
        <WantsPart {...parts} view={view} required={wantsNeeded(view, action)} />
      )}
      {isNotice(action.action) && <SecondNoticePart {...parts} view={view} />}
      {action.action !== 'recall' && <OpinionPart {...parts} required={needs('opinion')} tone={action.tone} />}
      {needs('step-up') && <StepUpPart {...parts} />}
    </>
  )
}

interface PanelFootProps {
  action: ActionView
  busy: boolean
  blocked: boolean
  openNext: boolean
  onOpenNext: (openNext: boolean) => void
  onClose: () => void
}

const PanelFoot = ({ action, busy, blocked, openNext, onOpenNext, onClose }: PanelFootProps) => (
  <Box sx={{ px: 2.5, py: 1.5, borderTop: 1, borderColor: 'divider', display: 'flex', gap: 1, alignItems: 'center' }}>
    <FormControlLabel
      label="办理后打开下一件"
      control={<Checkbox size="small" checked={openNext} onChange={({ target }) => onOpenNext(target.checked)} />}
      slotProps={{ typography: { sx: { fontSize: '0.8125rem' } } }}
      sx={{ mr: 'auto' }}
    />
    <Button onClick={onClose} disabled={busy}>
      取消
    </Button>
    <Button
      type="submit"
      variant="contained"
      size="medium"
      disabled={busy || blocked}
      color={action.tone === 'end' ? 'error' : action.tone === 'back' ? 'warning' : 'primary'}
    >
      {busy ? '正在办理…' : confirmText(action.label)}
    </Button>
  </Box>
)

/** 确认受理; an action that is itself a confirmation is not confirmed twice. */
const confirmText = (label: string): string => (label.startsWith('确认') ? label : `确认${label}`)

const LackingNote = ({ lacking }: { lacking: readonly string[] }) => (
  <Box role="alert" sx={{ color: 'error.main' }}>
    还须填写：{lacking.join('、')}
  </Box>
)
