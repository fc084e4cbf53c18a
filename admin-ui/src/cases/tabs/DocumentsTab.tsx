import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { useState } from 'react'
import { documentAddress } from '../../api/client.ts'
import { holds, useMe } from '../../api/session.ts'
import { useReference } from '../../api/use-call.ts'
import { Empty } from '../../common/Panel.tsx'
import { Tag, type Tone } from '../../common/Tag.tsx'
import type { CaseView } from '../case-text.ts'
import { CheckButtons } from './CheckButtons.tsx'
import { UploadBox } from './UploadBox.tsx'

type Document = CaseView['documents'][number]

const CHECKS: Readonly<Record<Document['checkState'], { label: string; tone: Tone }>> = {
  UNCHECKED: { label: '未核', tone: 'neutral' },
  VERIFIED: { label: '已核', tone: 'good' },
  MISSING: { label: '缺', tone: 'bad' },
  MISMATCH: { label: '不符', tone: 'bad' },
}

/** 材料: the checklist at the left, the document itself at the right, so that one looks and ticks without changing pages. */
export const DocumentsTab = ({ view }: { view: CaseView }) => {
  const me = useMe()
  const { data: reference } = useReference()
  const [chosen, setChosen] = useState<string>()
  const openId = chosen ?? view.documents[0]?.documentId
  const materials = reference?.materials ?? []
  const labels = new Map(materials.map(({ code, label }) => [code, label]))
  const lacking = materials.filter(({ code, required }) => required && !view.documents.some(({ material }) => material === code))
  const shown = view.documents.find(({ documentId }) => documentId === openId)
  const mayCheck = view.case.open && holds(me, 'INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER')
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', lg: 'minmax(360px, 5fr) 6fr' }, gap: 2 }}>
      <Box sx={{ minWidth: 0 }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>材料</TableCell>
              <TableCell>核对</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {view.documents.map((document) => (
              <TableRow key={document.documentId} selected={document.documentId === openId}>
                <TableCell>
                  <Button
                    onClick={() => setChosen(document.documentId)}
                    sx={{ p: 0, textAlign: 'left', justifyContent: 'flex-start' }}
                    aria-pressed={document.documentId === openId}
                  >
                    {labels.get(document.material) ?? document.material}
                  </Button>
                  <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', overflowWrap: 'anywhere' }} title={`SHA-256 ${document.sha256}`}>
                    {document.name} · {sizeText(document.sizeBytes)} · {document.uploadedBy}
                  </Box>
                  {document.checkRemark && <Box sx={{ fontSize: '0.75rem' }}>{document.checkRemark}</Box>}
                </TableCell>
                <TableCell sx={{ whiteSpace: 'nowrap' }}>
                  <Tag tone={CHECKS[document.checkState].tone}>{CHECKS[document.checkState].label}</Tag>
                  {mayCheck && (
                    <CheckButtons
                      caseId={view.case.id}
                      documentId={document.documentId}
                      name={labels.get(document.material) ?? document.material}
                    />
                  )}
                </TableCell>
              </TableRow>
            ))}
            {lacking.map(({ code, label }) => (
              <TableRow key={code}>
                <TableCell>{label}</TableCell>
                <TableCell>
                  <Tag tone="warn">未上传</Tag>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
        {view.documents.length === 0 && lacking.length === 0 && <Empty>尚无材料。</Empty>}
        {view.case.open && holds(me, 'INTAKE') && <UploadBox caseId={view.case.id} materials={materials} preferred={lacking[0]?.code} />}
      </Box>
      <Viewer document={shown} title={shown ? (labels.get(shown.material) ?? shown.name) : ''} />
    </Box>
  )
}

const Viewer = ({ document, title }: { document: Document | undefined; title: string }) => (
  <Box
    sx={{
      border: 1,
      borderColor: 'divider',
      borderRadius: 1,
      minHeight: 520,
      display: 'flex',
      flexDirection: 'column',
      bgcolor: 'background.default',
    }}
  >
    {document ? (
      <>
        <Box
          sx={{
            display: 'flex',
            alignItems: 'center',
            px: 1.5,
            py: 0.5,
            borderBottom: 1,
            borderColor: 'divider',
            bgcolor: 'background.paper',
          }}
        >
          <strong>{title}</strong>
          <Button component="a" href={documentAddress(document.documentId)} target="_blank" rel="noopener" sx={{ ml: 'auto' }}>
            新窗口打开
          </Button>
        </Box>
        {document.mediaType.startsWith('image/') ? (
          <Box component="img" src={documentAddress(document.documentId)} alt={title} sx={{ maxWidth: '100%', m: 'auto' }} />
        ) : (
          <Box component="iframe" src={documentAddress(document.documentId)} title={title} sx={{ flexGrow: 1, border: 0, width: '100%' }} />
        )}
      </>
    ) : (
      <Box sx={{ m: 'auto' }}>
        <Empty>选择左侧材料后在此对照查看。</Empty>
      </Box>
    )}
  </Box>
)

const MEGABYTE = 1024 * 1024

const sizeText = (bytes: number): string =>
  bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${Math.round((bytes * 10) / MEGABYTE) / 10} MB`
