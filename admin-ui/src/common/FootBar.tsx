import { Paper } from '@mui/material'
import type { ReactNode } from 'react'

/** The bar at the foot of a page, beside the menu: where the buttons of the page are, whatever is scrolled. */
export const FootBar = ({ label, children }: { label: string; children: ReactNode }) => (
  <Paper
    component="section"
    square
    aria-label={label}
    className="no-print"
    sx={{
      position: 'fixed',
      bottom: 0,
      left: 212,
      right: 0,
      zIndex: 1100,
      borderWidth: '1px 0 0',
      px: 2.5,
      py: 1.25,
      display: 'flex',
      flexWrap: 'wrap',
      gap: 1,
      alignItems: 'center',
    }}
  >
    {children}
  </Paper>
)
