import { Box, Button, Divider, Tooltip } from '@mui/material'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { holds, useMe } from '../api/session.ts'
import { FootBar } from '../common/FootBar.tsx'
import { useKeys } from '../common/keys.ts'
import { ReaderText } from '../common/ReaderText.tsx'
import { ActionPanel } from './act/ActionPanel.tsx'
import { CopyDialog } from './act/CopyDialog.tsx'
import { NoteDialog } from './act/NoteDialog.tsx'
import type { ActionView, CaseView } from './case-text.ts'

/** Stages whose application the counter may correct before it goes on. */
const AMENDABLE: readonly string[] = ['RETURNED', 'CORRECTION_REQUESTED', 'SUPPLEMENT_PENDING']

const COLOURS = { forward: 'primary', back: 'warning', end: 'error', side: 'inherit' } as const

type SidePanel = 'NOTE' | 'URGE' | 'COPY'

/** Every action of the stage, whether or not I may: a disabled one says why, to the eye and to the reader. */
export const ActionBar = ({ view }: { view: CaseView }) => {
  const [acting, setActing] = useState<ActionView>()
  const me = useMe()
  const navigate = useNavigate()
  const firstOpen = view.actions.find(({ allowed }) => allowed)
  const main = view.actions.find(({ tone, allowed }) => tone === 'forward' && allowed)
  useKeys({ a: () => setActing(firstOpen) })
  const recall: ActionView = { action: 'recall', label: '撤回', tone: 'side', to: [], needs: [], ...view.canRecall }
  const amendable = view.case.kind === 'loan' && AMENDABLE.includes(view.case.stage) && holds(me, 'INTAKE')
  return (
    <>
      <FootBar label="办理">
        {view.actions.map((action) => (
          <ActionButton
            key={action.action}
            action={action}
            onClick={() => setActing(action)}
            look={action === main ? 'contained' : 'outlined'}
          />
        ))}
        {view.actions.length === 0 && (
          <Box sx={{ color: 'text.secondary' }}>
            {view.case.open ? `系统正在办理“${view.case.stageLabel}”，完成后自动进入下一环节。` : '本案已办结，没有可办理的动作。'}
          </Box>
        )}
        {amendable && (
          <Button variant="outlined" size="medium" onClick={() => void navigate(`/loan/${view.case.id}/amend`)}>
            更正申请内容
          </Button>
        )}
        <Box sx={{ flexGrow: 1 }} />
        <ActionButton action={recall} onClick={() => setActing(recall)} look="text" />
        <SideButtons view={view} />
      </FootBar>
      {acting && <ActionPanel key={acting.action} view={view} action={acting} onClose={() => setActing(undefined)} />}
    </>
  )
}

const NOTE: ActionView = { action: 'note', label: '备注', tone: 'side', to: [], needs: [], allowed: true, obstacles: [] }
const URGE: ActionView = { ...NOTE, action: 'urge', label: '催办' }
const COPY: ActionView = { ...NOTE, action: 'copy', label: '抄送' }

/** What moves nothing: remarks, reminders, copies, paper. */
const SideButtons = ({ view }: { view: CaseView }) => {
  const [side, setSide] = useState<SidePanel>()
  const close = (): void => setSide(undefined)
  const canUrge = view.case.open ? view.canNote : { allowed: false, obstacles: [{ code: 'CONFLICT', text: '案件已办结' }] }
  // Whoever sees a case may copy it, but for who must stay away from it.
  const mustStayAway = view.canNote.obstacles.filter(({ code }) => code === 'RECUSAL')
  return (
    <>
      <Divider orientation="vertical" flexItem />
      <ActionButton action={{ ...NOTE, ...view.canNote }} onClick={() => setSide('NOTE')} look="text" />
      <ActionButton action={{ ...URGE, ...canUrge }} onClick={() => setSide('URGE')} look="text" />
      <ActionButton
        action={{ ...COPY, allowed: mustStayAway.length === 0, obstacles: mustStayAway }}
        onClick={() => setSide('COPY')}
        look="text"
      />
      <Button color="inherit" size="medium" onClick={() => window.print()}>
        打印
      </Button>
      {(side === 'NOTE' || side === 'URGE') && <NoteDialog view={view} kind={side} onClose={close} />}
      {side === 'COPY' && <CopyDialog view={view} onClose={close} />}
    </>
  )
}

const ActionButton = ({ action, onClick, look }: { action: ActionView; onClick: () => void; look: 'contained' | 'outlined' | 'text' }) => {
  const why = action.obstacles.map(({ text }) => text).join('；')
  const button = (
    <Button
      variant={look}
      color={COLOURS[action.tone]}
      size="medium"
      // Not `disabled`: the reason must be reachable by keyboard and be read aloud.
      aria-disabled={!action.allowed}
      onClick={() => action.allowed && onClick()}
      sx={
        action.allowed
          ? {}
          : {
              '&, &:hover': {
                bgcolor: look === 'text' ? 'transparent' : 'action.disabledBackground',
                color: 'text.secondary',
                borderColor: 'divider',
                cursor: 'not-allowed',
                boxShadow: 'none',
              },
            }
      }
    >
      {action.label}
      {!action.allowed && <ReaderText>，不能办理：{why}</ReaderText>}
    </Button>
  )
  if (action.allowed) return button
  return (
    <Tooltip
      arrow
      describeChild
      placement="top-start"
      title={
        <Box
          component="ul"
          sx={{ m: 0, pl: action.obstacles.length > 1 ? 2 : 0, listStyle: action.obstacles.length > 1 ? 'disc' : 'none' }}
        >
          {action.obstacles.map(({ code, text }) => (
            <li key={code + text}>{text}</li>
          ))}
        </Box>
      }
    >
      {button}
    </Tooltip>
  )
}
