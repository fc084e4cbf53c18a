import { useState, type ReactNode } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { useLiveQueries } from '../api/events.ts'
import { useKeys } from '../common/keys.ts'
import { Frame } from './Frame.tsx'
import { KeyHelp } from './KeyHelp.tsx'
import { PaletteContext } from './palette-context.ts'
import { Palette } from './Palette.tsx'
import { Watermark } from './Watermark.tsx'

/** Pages without anybody's particulars: the only ones without the watermark. */
const IMPERSONAL = /^\/(calendar|balances)/

export const Shell = ({ children }: { children: ReactNode }) => {
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [helpOpen, setHelpOpen] = useState(false)
  const navigate = useNavigate()
  const { pathname } = useLocation()
  useLiveQueries()
  useKeys({
    'mod+k': () => setPaletteOpen(true),
    '/': () => setPaletteOpen(true),
    '?': () => setHelpOpen(true),
    'g h': () => void navigate('/'),
    'g t': () => void navigate('/todo'),
    'g d': () => void navigate('/done'),
    'g s': () => void navigate('/started'),
    'g a': () => void navigate('/cases'),
  })
  return (
    <PaletteContext value={{ openPalette: () => setPaletteOpen(true), openHelp: () => setHelpOpen(true) }}>
      <Frame>{children}</Frame>
      {!IMPERSONAL.test(pathname) && <Watermark />}
      <Palette open={paletteOpen} onClose={() => setPaletteOpen(false)} />
      <KeyHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </PaletteContext>
  )
}
