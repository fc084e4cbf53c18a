import { Alert, Box, Button, MenuItem, TextField } from '@mui/material'
import { useRef, useState, type DragEvent } from 'react'
import type { Answer } from '../../api/client.ts'
import { uploadDocument } from '../../api/client.ts'
import { runCommand } from '../../api/command-key.ts'
import { ApiProblem, isAnswer, textOf } from '../../api/problem.ts'
import { useCaseRefresh } from '../RowAction.tsx'

type Material = Answer<'reference'>['materials'][number]

interface UploadBoxProps {
  caseId: string
  materials: readonly Material[]
  preferred: string | undefined
  onUploaded: (documentId: string) => void
}

interface Chosen {
  readonly file: File
  readonly material: string
}

interface Failure extends Chosen {
  readonly problem: unknown
}

/** What tells one chosen file from another, also when it is chosen anew. Without its name, which may be a person's. */
const dialogOf = (caseId: string, { file, material }: Chosen): string => `upload:${caseId}:${material}:${file.size}:${file.lastModified}`

/** Drop files here, or choose them. Each is sent by itself, and each failure is told by its file's name. */
export const UploadBox = ({ caseId, materials, preferred, onUploaded }: UploadBoxProps) => {
  const [chosen, setChosen] = useState<string>()
  const [over, setOver] = useState(false)
  const [tooEarly, setTooEarly] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const { busy, failures, hand, handAgain } = useUploads(caseId, onUploaded)
  const material = chosen ?? preferred ?? materials[0]?.code ?? ''
  const send = async (files: FileList | null): Promise<void> => {
    if (!files || files.length === 0) return
    // Nothing that was dropped may vanish without a word.
    setTooEarly(!material)
    if (!material) return
    await hand([...files].map((file) => ({ file, material })))
    setChosen(undefined)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void send(event.dataTransfer.files)
  }
  return (
    <Box
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        mt: 1.5,
        p: 1.5,
        border: '1px dashed',
        borderColor: over ? 'primary.main' : 'text.secondary',
        borderRadius: 1,
        bgcolor: over ? 'action.hover' : 'transparent',
      }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <MaterialChoice materials={materials} value={material} onChange={setChosen} />
        <Button variant="outlined" disabled={busy || !material} onClick={() => input.current?.click()}>
          {busy ? '正在上传…' : '选择文件'}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept="application/pdf,image/*"
          aria-label="选择要上传的文件"
          onChange={({ target }) => void send(target.files).finally(() => (target.value = ''))}
        />
      </Box>
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', mt: 0.75 }}>
        可将文件拖到此处。接受 PDF、JPEG、PNG、WebP，单个不超过 10 MB；以文件内容为准，不看扩展名。
      </Box>
      {tooEarly && (
        <Alert severity="error" sx={{ mt: 0.5 }}>
          材料清单尚未读取，请稍候再传
        </Alert>
      )}
      {failures.map((failure) => (
        <FailureAlert key={dialogOf(caseId, failure)} failure={failure} busy={busy} onRetry={() => void handAgain(failure)} />
      ))}
    </Box>
  )
}

interface Uploads {
  readonly busy: boolean
  readonly failures: readonly Failure[]
  hand(files: readonly Chosen[]): Promise<void>
  handAgain(failure: Failure): Promise<void>
}

/** Files on their way, and what became of those that did not arrive. What was not answered stays until it is. */
function useUploads(caseId: string, onUploaded: (documentId: string) => void): Uploads {
  const [busy, setBusy] = useState(false)
  const [failures, setFailures] = useState<readonly Failure[]>([])
  const refresh = useCaseRefresh(caseId)
  const sendAll = async (files: readonly Chosen[], kept: readonly Failure[]): Promise<void> => {
    setBusy(true)
    const failed: Failure[] = []
    for (const one of files) {
      await runCommand(dialogOf(caseId, one), (key) => uploadDocument(caseId, one.material, one.file, key)).then(
        onUploaded,
        (problem: unknown) => failed.push({ ...one, problem }),
      )
    }
    const sent = new Set(files.map((one) => dialogOf(caseId, one)))
    setFailures([...kept.filter((one) => !sent.has(dialogOf(caseId, one))), ...failed])
    setBusy(false)
    refresh()
  }
  return {
    busy,
    failures,
    hand: (files) => {
      const unanswered = failures.filter(({ problem }) => !isAnswer(problem))
      return sendAll(files, unanswered)
    },
    handAgain: ({ file, material }) => sendAll([{ file, material }], failures),
  }
}

interface FailureAlertProps {
  failure: Failure
  busy: boolean
  onRetry: () => void
}

/** Why a file was not taken; where that is not known, it can be sent again as the same, and is not there twice. */
const FailureAlert = ({ failure: { file, problem }, busy, onRetry }: FailureAlertProps) => {
  if (isAnswer(problem)) {
    return (
      <Alert severity="error" sx={{ mt: 0.5 }}>
        {file.name}：{textOf(problem)}
      </Alert>
    )
  }
  const title = (problem instanceof ApiProblem && problem.problem.title) || textOf(problem)
  return (
    <Alert
      severity="error"
      sx={{ mt: 0.5 }}
      action={
        <Button color="inherit" disabled={busy} onClick={onRetry} aria-label={`重传 ${file.name}`} sx={{ whiteSpace: 'nowrap' }}>
          重传
        </Button>
      }
    >
      {file.name}：{title}。尚不清楚是否已收到，请重传；不会重复收件。
    </Alert>
  )
}

interface MaterialChoiceProps {
  materials: readonly Material[]
  value: string
  onChange: (code: string) => void
}

const MaterialChoice = ({ materials, value, onChange }: MaterialChoiceProps) => (
  <TextField
    select
    label="材料名称"
    value={materials.some(({ code }) => code === value) ? value : ''}
    onChange={({ target }) => onChange(target.value)}
    sx={{ flexGrow: 1 }}
  >
    {materials.map(({ code, label, required }) => (
      <MenuItem key={code} value={code}>
        {label}
        {required ? '' : '（可选）'}
      </MenuItem>
    ))}
  </TextField>
)
