import { Alert } from '@mui/material'
import { useReference } from '../../api/use-call.ts'
import type { CaseView } from '../case-text.ts'

/** What the checklist still lacks, before somebody says that it lacks nothing. It closes no way: papers may have been seen in the original. */
export const MaterialsNote = ({ view }: { view: CaseView }) => {
  const { data } = useReference()
  if (view.case.kind !== 'loan' || !data) return null
  const labels = new Map(data.materials.map(({ code, label }) => [code, label]))
  const absent = data.materials.filter(({ code, required }) => required && !view.documents.some(({ material }) => material === code))
  const named = (states: readonly string[]): string =>
    view.documents
      .filter(({ checkState }) => states.includes(checkState))
      .map(({ material }) => labels.get(material) ?? material)
      .join('、')
  const lines = [
    absent.length > 0 ? `未上传：${absent.map(({ label }) => label).join('、')}` : '',
    named(['MISSING', 'MISMATCH']) && `核对为缺或不符：${named(['MISSING', 'MISMATCH'])}`,
    named(['UNCHECKED']) && `尚未核对：${named(['UNCHECKED'])}`,
  ].filter((line) => line !== '')
  if (lines.length === 0) return null
  return (
    <Alert severity="warning">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </Alert>
  )
}
