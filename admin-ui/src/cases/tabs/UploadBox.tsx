import { Alert, Box, Button, MenuItem, TextField } from '@mui/material'
import { useRef, useState, type DragEvent } from 'react'
import type { Answer } from '../../api/client.ts'
import { uploadDocument } from '../../api/client.ts'
import { textOf } from '../../api/problem.ts'
import { useCaseRefresh } from '../RowAction.tsx'

type Material = Answer<'reference'>['materials'][number]

interface UploadBoxProps {
  caseId: string
  materials: readonly Material[]
  preferred: string | undefined
  onUploaded: (documentId: string) => void
}

/** Drop files here, or choose them. Each is sent by itself, and each failure is told by its file's name. */
export const UploadBox = ({ caseId, materials, preferred, onUploaded }: UploadBoxProps) => {
  const [chosen, setChosen] = useState<string>()
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failures, setFailures] = useState<readonly string[]>([])
  const input = useRef<HTMLInputElement>(null)
  const refresh = useCaseRefresh(caseId)
  const material = chosen ?? preferred ?? materials[0]?.code ?? ''
  const send = async (files: FileList | null): Promise<void> => {
    if (!files || files.length === 0) return
    // Nothing that was dropped may vanish without a word.
    if (!material) return setFailures(['材料清单尚未读取，请稍候再传'])
    setBusy(true)
    const failed: string[] = []
    for (const file of files) {
      await uploadDocument(caseId, material, file).then(onUploaded, (problem: unknown) => failed.push(`${file.name}：${textOf(problem)}`))
    }
    setFailures(failed)
    setBusy(false)
    setChosen(undefined)
    refresh()
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
      {failures.map((failure) => (
        <Alert key={failure} severity="error" sx={{ mt: 0.5 }}>
          {failure}
        </Alert>
      ))}
    </Box>
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
