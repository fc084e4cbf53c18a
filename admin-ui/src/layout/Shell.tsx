import { Box } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { Layout } from 'react-admin'
import { useLocation, useNavigate } from 'react-router'
import { useLiveQueries } from '../api/events.ts'
import { useKeys } from '../common/keys.ts'
import { PageError } from './Problems.tsx'
import { KeyHelp } from './KeyHelp.tsx'
import { PaletteContext } from './palette-context.ts'
import { Palette } from './Palette.tsx'
import { SideMenu } from './SideMenu.tsx'
import { TopBar } from './TopBar.tsx'
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
      <Layout appBar={TopBar} menu={SideMenu} sidebar={Side} error={PageError} appBarAlwaysOn>
        {children}
      </Layout>
      {!IMPERSONAL.test(pathname) && <Watermark />}
      <Palette open={paletteOpen} onClose={() => setPaletteOpen(false)} />
      <KeyHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </PaletteContext>
  )
}

const Side = ({ children }: { children: ReactNode }) => (
  <Box
    component="nav"
    aria-label="主菜单"
    className="no-print"
    sx={{
      width: 212,
      flexShrink: 0,
      position: 'sticky',
      top: 52,
      height: 'calc(100vh - 52px)',
      overflowY: 'auto',
      borderRight: 1,
      borderColor: 'divider',
      bgcolor: 'background.paper',
    }}
  >
    {children}
  </Box>
)
