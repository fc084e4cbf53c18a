import { z } from 'zod'
import { caseId } from '../cases.ts'
import { endpoint } from '../endpoint.ts'

/**
 * The one command that does not speak JSON: a form of the file (`file`) and of what it is, mounted by hand in `api/files.ts`. Its
 * receipt holds the digest of the file instead of the file.
 */
export const uploadDocument = endpoint({
  method: 'POST',
  path: '/cases/:caseId/documents',
  summary: '上传材料：PDF、JPEG、PNG、WebP，按内容判断，不超过 10 MB',
  access: 'SIGNED_IN',
  params: z.strictObject({ caseId }),
  body: z.strictObject({ material: z.string().regex(/^[A-Z_]{2,40}$/) }),
  response: z.strictObject({ documentId: z.uuid(), sha256: z.string() }),
  status: 201,
  command: 'DESK',
})
