import { Box } from '@mui/material'

/** Breaks between its parts and nowhere else: never within a date. */
export const Unbroken = ({ parts }: { parts: readonly string[] }) => (
  <>
    {parts.map((part) => (
      <Box key={part} component="span" sx={{ display: 'inline-block', whiteSpace: 'pre' }}>
        {part}
      </Box>
    ))}
  </>
)
