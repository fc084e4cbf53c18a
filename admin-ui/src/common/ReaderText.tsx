import { Box } from '@mui/material'
import type { ReactNode } from 'react'

/** Words for who listens to the page instead of looking at it. */
export const ReaderText = ({ children }: { children: ReactNode }) => (
  <Box
    component="span"
    sx={{ position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clip: 'rect(0 0 0 0)', whiteSpace: 'nowrap' }}
  >
    {children}
  </Box>
)
