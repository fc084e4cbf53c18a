import { Box, Button } from '@mui/material'
import type { More } from '../api/use-pages.ts'
import { ProblemAlert } from './ProblemAlert.tsx'

/** How many there are, and how many of them are shown where that is not all. @param unit the measure word, such as 项 */
export const countText = (total: number, shown: number, unit: string): string =>
  shown < total ? `共 ${total} ${unit}，已显示 ${shown} ${unit}` : `共 ${total} ${unit}`

/** At the end of a list of which there is more; nothing where everything is shown. */
export const ShowMore = ({ more }: { more: More }) =>
  more.isAll ? null : (
    <Box sx={{ display: 'grid', gap: 1, justifyItems: 'center', px: 2, py: 1, borderTop: 1, borderColor: 'divider' }}>
      {more.error !== null && <ProblemAlert error={more.error} />}
      <Button variant="outlined" onClick={more.show} disabled={more.isBusy}>
        {more.isReading ? '正在读取…' : '再显示一些'}
      </Button>
    </Box>
  )
