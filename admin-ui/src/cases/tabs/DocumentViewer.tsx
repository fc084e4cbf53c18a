import { Box, Button } from '@mui/material'
import { documentAddress } from '../../api/client.ts'
import { minuteText } from '../../common/figures.ts'
import { Empty } from '../../common/Panel.tsx'
import type { CaseView } from '../case-text.ts'

type Document = CaseView['documents'][number]

/** The document beside its checklist: who handed it in and when, and the digest under which it is kept and can be found again. */
export const DocumentViewer = ({ document, title }: { document: Document | undefined; title: string }) => (
  <Box
    component="section"
    aria-label="材料原件"
    sx={{
      border: 1,
      borderColor: 'divider',
      borderRadius: 1,
      height: { xs: 520, lg: 'calc(100vh - 150px)' },
      minHeight: 420,
      position: { lg: 'sticky' },
      top: 66,
      display: 'flex',
      flexDirection: 'column',
      bgcolor: 'background.default',
      overflow: 'hidden',
    }}
  >
    {document ? (
      <>
        <ViewerHead document={document} title={title} />
        {document.mediaType.startsWith('image/') ? (
          <Box sx={{ flexGrow: 1, minHeight: 0, overflow: 'auto', textAlign: 'center' }}>
            <Box component="img" src={documentAddress(document.documentId)} alt={title} sx={{ maxWidth: '100%', verticalAlign: 'top' }} />
          </Box>
        ) : (
          <Box component="iframe" src={documentAddress(document.documentId)} title={title} sx={{ flexGrow: 1, border: 0, width: '100%' }} />
        )}
      </>
    ) : (
      <Box sx={{ m: 'auto' }}>
        <Empty>尚未上传材料。上传后在此与清单对照查看。</Empty>
      </Box>
    )}
  </Box>
)

const ViewerHead = ({ document, title }: { document: Document; title: string }) => (
  <Box sx={{ px: 1.5, py: 0.75, borderBottom: 1, borderColor: 'divider', bgcolor: 'background.paper' }}>
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <strong>{title}</strong>
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
        {document.uploadedBy} {minuteText(document.uploadedAt)} 上传
      </Box>
      <Button component="a" href={documentAddress(document.documentId)} target="_blank" rel="noopener" sx={{ ml: 'auto' }}>
        新窗口打开
      </Button>
    </Box>
    <Box
      title={document.sha256}
      sx={{ color: 'text.secondary', fontSize: '0.6875rem', whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}
    >
      SHA-256 {document.sha256}
    </Box>
  </Box>
)

const MEGABYTE = 1024 * 1024

export const sizeText = (bytes: number): string =>
  bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${Math.round((bytes * 10) / MEGABYTE) / 10} MB`
