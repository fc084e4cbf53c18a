import { Alert, Box, Button, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { useState } from 'react'
import { useReference } from '../../api/use-call.ts'
import { Empty } from '../../common/Panel.tsx'
import { Tag, type Tone } from '../../common/Tag.tsx'
import { wantsAsked } from '../act/decision-draft.ts'
import type { CaseView } from '../case-text.ts'
import { CheckButtons } from './CheckButtons.tsx'
import { DocumentViewer, sizeText } from './DocumentViewer.tsx'
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
  const { data: reference } = useReference()
  const [chosen, setChosen] = useState<string>()
  const materials = reference?.materials ?? []
  const rows = checklist(materials, view.documents)
  const shown = view.documents.find(({ documentId }) => documentId === chosen) ?? rows.find(({ document }) => document)?.document
  const lacking = rows.find(({ document }) => !document)
  const asked = wantsAsked(view)
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', lg: 'minmax(380px, 5fr) 6fr' }, gap: 2, alignItems: 'start' }}>
      <Box sx={{ minWidth: 0 }}>
        {asked.length > 0 && <AskedNote wants={asked} />}
        <Table size="small" aria-label="材料清单">
          <TableHead>
            <TableRow>
              <TableCell>材料</TableCell>
              <TableCell sx={{ width: 148 }}>核对</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map(({ label, document }) =>
              document ? (
                <DocumentRow
                  key={document.documentId}
                  label={label}
                  document={document}
                  open={document === shown}
                  onOpen={() => setChosen(document.documentId)}
                  caseId={view.case.id}
                />
              ) : (
                <TableRow key={label}>
                  <TableCell>{label}</TableCell>
                  <TableCell>
                    <Tag tone="warn">未上传</Tag>
                  </TableCell>
                </TableRow>
              ),
            )}
          </TableBody>
        </Table>
        {rows.length === 0 && <Empty>尚无材料。</Empty>}
        {view.canUpload.allowed ? (
          <UploadBox caseId={view.case.id} materials={materials} preferred={lacking?.code} onUploaded={setChosen} />
        ) : (
          <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', mt: 1.5 }}>
            现在不能上传材料：{view.canUpload.obstacles.map(({ text }) => text).join('；')}
          </Box>
        )}
      </Box>
      <DocumentViewer document={shown} title={rows.find(({ document }) => document === shown)?.label ?? ''} />
    </Box>
  )
}

const DocumentRow = ({
  label,
  document,
  open,
  onOpen,
  caseId,
}: {
  label: string
  document: Document
  open: boolean
  onOpen: () => void
  caseId: string
}) => (
  <TableRow selected={open}>
    <TableCell>
      <Button onClick={onOpen} sx={{ p: 0, textAlign: 'left', justifyContent: 'flex-start' }} aria-pressed={open}>
        {label}
      </Button>
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', overflowWrap: 'anywhere' }}>
        <Box component="span" sx={{ display: 'inline-block', mr: 1 }}>
          {document.name}
        </Box>
        <Box component="span" sx={{ display: 'inline-block' }}>
          {sizeText(document.sizeBytes)} · {document.uploadedBy}
        </Box>
      </Box>
      {document.checkRemark && <Box sx={{ fontSize: '0.75rem', color: 'error.main' }}>{document.checkRemark}</Box>}
    </TableCell>
    <TableCell sx={{ whiteSpace: 'nowrap' }}>
      {document.canCheck.allowed ? (
        <CheckButtons caseId={caseId} documentId={document.documentId} state={document.checkState} name={label} />
      ) : (
        <Box component="span" title={document.canCheck.obstacles.map(({ text }) => text).join('；')}>
          <Tag tone={CHECKS[document.checkState].tone}>{CHECKS[document.checkState].label}</Tag>
        </Box>
      )}
    </TableCell>
  </TableRow>
)

/** Whoever takes the papers in at the counter sees what was asked for, where they put it. */
const AskedNote = ({ wants }: { wants: CaseView['wants'] }) => (
  <Alert severity="info" sx={{ mb: 1.5 }}>
    待补正 {wants.length} 项：{wants.map(({ item, reason }) => `${item}（${reason}）`).join('；')}
  </Alert>
)

interface Line {
  readonly code: string
  readonly label: string
  readonly document?: Document
}

/** The checklist in its own order: what is there, what is required and not there, and whatever else was handed in. */
function checklist(materials: readonly { code: string; label: string; required: boolean }[], documents: readonly Document[]): Line[] {
  const known = new Set(materials.map(({ code }) => code))
  const listed = materials.flatMap(({ code, label, required }): Line[] => {
    const present = documents.filter(({ material }) => material === code).map((document) => ({ code, label, document }))
    return present.length > 0 || !required ? present : [{ code, label }]
  })
  const others = documents.filter(({ material }) => !known.has(material))
  return [...listed, ...others.map((document) => ({ code: document.material, label: document.material, document }))]
}
