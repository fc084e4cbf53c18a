import type { CaseView } from '#contracts/api/cases.ts'
import { LOAN_MATERIALS } from '#rules/loan/materials.ts'
import { onePagePdf } from './browser-files.ts'
import type { Browser } from './http-client.ts'

const REQUIRED = LOAN_MATERIALS.filter(({ required }) => required)

/**
 * What a clerk does before accepting: copies each material that is required and not there yet, compares it and every other that nobody has
 * looked at with the original. All lines at once; each is the smallest file that is a PDF.
 */
export async function bringMaterials(clerk: Browser, caseId: string): Promise<void> {
  const { documents } = await clerk.get<CaseView>(`/api/cases/${caseId}`)
  const good = new Set(
    documents.filter(({ checkState }) => checkState === 'VERIFIED' || checkState === 'UNCHECKED').map(({ material }) => material),
  )
  const unseen = documents.filter(({ checkState }) => checkState === 'UNCHECKED').map(({ documentId }) => documentId)
  await Promise.all([
    ...REQUIRED.filter(({ code }) => !good.has(code)).map(async ({ code, label }) => {
      const { name, buffer, mimeType } = onePagePdf(`${label}.pdf`)
      await verify(clerk, await clerk.upload(caseId, code, new File([new Uint8Array(buffer)], name, { type: mimeType })))
    }),
    ...unseen.map((documentId) => verify(clerk, documentId)),
  ])
}

async function verify(clerk: Browser, documentId: string): Promise<void> {
  const answer = await clerk.command('POST', `/api/documents/${documentId}/check`, { state: 'VERIFIED' })
  if (answer.status !== 200) throw new Error(`check: ${answer.status} ${JSON.stringify(answer.body)}`)
}
