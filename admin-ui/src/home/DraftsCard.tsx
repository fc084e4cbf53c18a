import { Box, Link } from '@mui/material'
import { Link as RouterLink } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { minuteText } from '../common/figures.ts'
import { Panel } from '../common/Panel.tsx'

export const DraftsCard = () => {
  const { data } = useCall(['drafts'], 'listDrafts', {})
  return (
    <Panel title="申请草稿">
      {data?.rows.length ? (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.75 }}>
          {data.rows.slice(0, 6).map(({ id, title, updatedAt }) => (
            <Box key={id} component="li" sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
              <Link component={RouterLink} to={`/loan/create?draft=${id}`} underline="hover">
                {title || '未命名'}
              </Link>
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {minuteText(updatedAt)}
              </Box>
            </Box>
          ))}
        </Box>
      ) : (
        <Box sx={{ color: 'text.secondary' }}>没有草稿。填写申请时自动保存，可随时继续。</Box>
      )}
    </Panel>
  )
}
