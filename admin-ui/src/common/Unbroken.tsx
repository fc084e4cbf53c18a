import { Box } from '@mui/material'

/** Breaks between its parts and nowhere else: never within a date. Names stand before it: they have any length, and break where they must. */
export const Unbroken = ({ parts }: { parts: readonly string[] }) => (
  <>
    {parts.map((part) => (
      <Box key={part} component="span" sx={{ display: 'inline-block', whiteSpace: 'pre' }}>
        {part}
      </Box>
    ))}
  </>
)
