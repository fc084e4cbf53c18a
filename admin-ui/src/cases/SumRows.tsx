import { Box, TableCell, TableFooter, TableRow } from '@mui/material'
import { useListContext } from 'react-admin'
import type { ListMeta } from '../api/data-provider.ts'
import { sumFen, yuan } from '../common/figures.ts'
import type { AmountPlace } from './amount-place.ts'
import type { CaseRow } from './case-text.ts'

/** 合计: of this page, and of everything the filter finds. Half a sum is none: beyond ten thousand cases it says so instead. */
export const SumRows = ({ place }: { place: AmountPlace }) => {
  const { data, page, hasNextPage, total, meta } = useListContext<CaseRow>()
  if (!data || data.length === 0) return null
  const { sumFen: wholeFen, totalIsExact } = (meta ?? { sumFen: null, totalIsExact: true }) as ListMeta
  const ofPage = sumFen(data.flatMap(({ amountFen }) => (amountFen === null ? [] : [amountFen])))
  const single = page === 1 && !hasNextPage
  return (
    <TableFooter>
      {!single && <SumRow label={`本页合计（${data.length} 件）`} place={place} sum={yuan(ofPage)} />}
      {totalIsExact && wholeFen !== null ? (
        <SumRow label={`筛选合计（${total?.toLocaleString('zh-CN')} 件）`} place={place} sum={yuan(wholeFen)} />
      ) : (
        <SumRow label="筛选合计" place={place} note="超过一万件，不计合计，请缩小查询范围" />
      )}
    </TableFooter>
  )
}

interface SumRowProps {
  label: string
  place: AmountPlace
  sum?: string
  /** What stands where there is no sum. */
  note?: string
}

const SumRow = ({ label, sum, note, place: { before, after } }: SumRowProps) => {
  const amount = <strong>{sum}</strong>
  if (before === undefined || before === 0) {
    // No room before the amounts, or no amounts: everything in one line.
    return (
      <TableRow>
        <SumCell span={Math.max(1, (before === undefined ? 0 : 1) + after)}>
          {label} {sum === undefined ? note : <>{amount} 元</>}
        </SumCell>
      </TableRow>
    )
  }
  return (
    <TableRow>
      <SumCell span={before}>{label}</SumCell>
      {sum === undefined ? (
        <SumCell span={1 + after}>{note}</SumCell>
      ) : (
        <>
          <SumCell span={1} right>
            {amount}
          </SumCell>
          {after > 0 && <SumCell span={after} />}
        </>
      )}
    </TableRow>
  )
}

const SumCell = ({ span, right = false, children }: { span: number; right?: boolean; children?: React.ReactNode }) => (
  <TableCell colSpan={span} align={right ? 'right' : 'left'} sx={{ color: 'text.primary', bgcolor: 'action.hover', py: 0.75 }}>
    <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
      {children}
    </Box>
  </TableCell>
)
