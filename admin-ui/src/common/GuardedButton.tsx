import { Box, Button, Tooltip, type ButtonProps } from '@mui/material'
import { ReaderText } from './ReaderText.tsx'

/** What the server says of an act: open, or closed with every reason. */
export interface May {
  readonly allowed: boolean
  readonly obstacles: readonly { readonly code: string; readonly text: string }[]
}

interface GuardedButtonProps extends Pick<ButtonProps, 'variant' | 'color' | 'size' | 'sx' | 'className' | 'disabled' | 'aria-label'> {
  readonly label: string
  readonly may: May
  readonly onClick: () => void
}

/** A button that is there whether or not one may press it: a closed one says why, to the eye and to the reader. */
export const GuardedButton = ({ label, may, onClick, sx, 'aria-label': name, ...look }: GuardedButtonProps) => {
  const why = may.allowed ? '' : `，不能办理：${may.obstacles.map(({ text }) => text).join('；')}`
  const button = (
    <Button
      {...look}
      aria-label={name && name + why}
      // Not `disabled`: the reason must be reachable by keyboard and be read aloud.
      aria-disabled={!may.allowed}
      onClick={() => may.allowed && onClick()}
      sx={[...(Array.isArray(sx) ? sx : [sx]), !may.allowed && closedLook(look.variant)]}
    >
      {label}
      {why && <ReaderText>{why}</ReaderText>}
    </Button>
  )
  if (may.allowed) return button
  const several = may.obstacles.length > 1
  const reasons = (
    <Box component="ul" sx={{ m: 0, pl: several ? 2 : 0, listStyle: several ? 'disc' : 'none' }}>
      {may.obstacles.map(({ code, text }) => (
        <li key={code + text}>{text}</li>
      ))}
    </Box>
  )
  return (
    <Tooltip arrow describeChild placement="top-start" title={reasons}>
      {button}
    </Tooltip>
  )
}

const closedLook = (variant: ButtonProps['variant'] = 'text') => ({
  '&, &:hover': {
    bgcolor: variant === 'text' ? 'transparent' : 'action.disabledBackground',
    color: 'text.secondary',
    borderColor: 'divider',
    cursor: 'not-allowed',
    boxShadow: 'none',
  },
})
