import { Box, Button } from '@mui/material'
import { useListContext } from 'react-admin'
import type { ListMeta } from '../api/data-provider.ts'
import type { CaseRow } from './case-text.ts'

/** Pages. A keyset list has a next and a previous page, and a total that says when it stopped counting. */
export const CasePaging = () => {
  const { data, page, perPage, total, setPage, hasNextPage, meta, isPending } = useListContext<CaseRow>()
  if (isPending || !data || data.length === 0) return null
  const first = (page - 1) * perPage + 1
  const { totalIsExact } = (meta ?? { totalIsExact: true }) as ListMeta
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, px: 2, py: 1, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ flexGrow: 1 }} />
      <Box component="span" sx={{ color: 'text.secondary' }}>
        第 {first}–{first + data.length - 1} 件，共 {total?.toLocaleString('zh-CN')}
        {totalIsExact ? '' : '+'} 件
      </Box>
      <Button variant="outlined" disabled={page === 1} onClick={() => setPage(page - 1)}>
        上一页
      </Button>
      <Button variant="outlined" disabled={!hasNextPage} onClick={() => setPage(page + 1)}>
        下一页
      </Button>
    </Box>
  )
}
