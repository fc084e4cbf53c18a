import { Box, Button, Divider } from '@mui/material'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { FootBar } from '../common/FootBar.tsx'
import { GuardedButton } from '../common/GuardedButton.tsx'
import { useKeys } from '../common/keys.ts'
import { ActionPanel } from './act/ActionPanel.tsx'
import { CopyDialog } from './act/CopyDialog.tsx'
import { NoteDialog } from './act/NoteDialog.tsx'
import type { ActionView, CaseView } from './case-text.ts'

const COLOURS = { forward: 'primary', back: 'warning', end: 'error', side: 'inherit' } as const

type SidePanel = 'NOTE' | 'URGE' | 'COPY'

/** Every action of the stage, whether or not I may: a disabled one says why, to the eye and to the reader. */
export const ActionBar = ({ view }: { view: CaseView }) => {
  const [acting, setActing] = useState<ActionView>()
  const navigate = useNavigate()
  const firstOpen = view.actions.find(({ allowed }) => allowed)
  const main = view.actions.find(({ tone, allowed }) => tone === 'forward' && allowed)
  useKeys({ a: () => setActing(firstOpen) })
  const recall: ActionView = { action: 'recall', label: '撤回', tone: 'side', to: [], needs: [], ...view.canRecall }
  return (
    <>
      <FootBar label="办理">
        {view.actions.map((action) => (
          <GuardedButton
            key={action.action}
            label={action.label}
            may={action}
            onClick={() => setActing(action)}
            variant={action === main ? 'contained' : 'outlined'}
            color={COLOURS[action.tone]}
            size="medium"
          />
        ))}
        {view.actions.length === 0 && (
          <Box sx={{ color: 'text.secondary' }}>
            {view.case.open ? `系统正在办理“${view.case.stageLabel}”，完成后自动进入下一环节。` : '本案已办结，没有可办理的动作。'}
          </Box>
        )}
        {view.canAmend && (
          <GuardedButton
            label="更正申请内容"
            may={view.canAmend}
            onClick={() => void navigate(`/loan/${view.case.id}/amend`)}
            variant="outlined"
            size="medium"
          />
        )}
        <Box sx={{ flexGrow: 1 }} />
        <GuardedButton label={recall.label} may={recall} onClick={() => setActing(recall)} {...SIDE} />
        <SideButtons view={view} />
      </FootBar>
      {acting && <ActionPanel key={acting.action} view={view} action={acting} onClose={() => setActing(undefined)} />}
    </>
  )
}

const SIDE = { color: 'inherit', size: 'medium' } as const
const ENDED = { allowed: false, obstacles: [{ code: 'CONFLICT', text: '案件已办结' }] }

/** What moves nothing: remarks, reminders, copies, paper. */
const SideButtons = ({ view }: { view: CaseView }) => {
  const [side, setSide] = useState<SidePanel>()
  const close = (): void => setSide(undefined)
  return (
    <>
      <Divider orientation="vertical" flexItem />
      <GuardedButton label="备注" may={view.canNote} onClick={() => setSide('NOTE')} {...SIDE} />
      <GuardedButton label="催办" may={view.case.open ? view.canNote : ENDED} onClick={() => setSide('URGE')} {...SIDE} />
      <GuardedButton label="抄送" may={view.canCopy} onClick={() => setSide('COPY')} {...SIDE} />
      <Button color="inherit" size="medium" onClick={() => window.print()}>
        打印
      </Button>
      {(side === 'NOTE' || side === 'URGE') && <NoteDialog view={view} kind={side} onClose={close} />}
      {side === 'COPY' && <CopyDialog view={view} onClose={close} />}
    </>
  )
}
