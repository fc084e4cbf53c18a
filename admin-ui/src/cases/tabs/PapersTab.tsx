import { Button, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { paperAddress } from '../../api/client.ts'
import { Empty } from '../../common/Panel.tsx'
import type { CaseView } from '../case-text.ts'

/** 文书: the same bytes for everyone; the digest is printed on the paper and kept in the chain. */
export const PapersTab = ({ view }: { view: CaseView }) => {
  if (view.papers.length === 0) return <Empty>尚未制发文书。受理、告知、准予或不准予时自动制作。</Empty>
  return (
    <Table size="small">
      <TableHead>
        <TableRow>
          {['文书', '文号', '制发日期', '送达日期', '文件摘要', '操作'].map((label) => (
            <TableCell key={label} align={label === '操作' ? 'right' : 'left'}>
              {label}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {view.papers.map(({ paperId, kind, label, paperNumber, issuedOn, deliveredOn, sha256 }) => (
          <TableRow key={paperId}>
            <TableCell sx={{ fontWeight: 500 }}>{label}</TableCell>
            <TableCell>{paperNumber}</TableCell>
            <TableCell>{issuedOn}</TableCell>
            <TableCell>{deliveredOn ?? (kind === 'SUPPLEMENT' ? '尚未送达' : '—')}</TableCell>
            <TableCell title={sha256 ?? ''}>{sha256 ? `${sha256.slice(0, 12)}…` : '首次打开时制作'}</TableCell>
            <TableCell align="right">
              <Button
                component="a"
                href={paperAddress(paperId)}
                target="_blank"
                rel="noopener"
                variant="outlined"
                aria-label={`打开${label}`}
              >
                打开
              </Button>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
