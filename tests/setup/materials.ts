import { randomUUID } from 'node:crypto'
import type { CaseView } from '#contracts/api/cases.ts'
import { sha256Hex } from '#db/canonical.ts'
import type { Db, Tx } from '#db/connect.ts'
import { businessTime } from '#db/read/time.ts'
import { auditCase } from '#db/write/audit.ts'
import { lockCase, recordEvent, type LockedCase } from '#db/write/cases.ts'
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

/**
 * The same as rows in one transaction, as uploads and checks keep them, for a case that has none yet: the way of a journey that begins
 * behind the counter. One that is about the counter goes through the API.
 */
export const keepMaterials = (owner: Db, caseId: string, staffNumber: string): Promise<void> =>
  owner.transaction().execute(async (tx) => {
    const kase = await lockCase(tx, caseId)
    if (!kase) throw new Error(`no case ${caseId}`)
    const clerk = await tx.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()
    const { now } = await businessTime(tx)
    for (const { code, label } of REQUIRED) await keepMaterial(tx, kase, { material: code, label, by: clerk.staff_id, now })
    await recordEvent(tx, kase, 'DOCUMENT')
  })

async function keepMaterial(
  tx: Tx,
  kase: LockedCase,
  { material, label, by, now }: { readonly material: string; readonly label: string; readonly by: string; readonly now: string },
): Promise<void> {
  const { name, buffer, mimeType } = onePagePdf(`${label}.pdf`)
  const [document, sha256] = [randomUUID(), sha256Hex(buffer)]
  await tx
    .insertInto('document_content')
    .values({ sha256, content: buffer })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
  await tx
    .insertInto('document')
    .values({
      document_id: document,
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      material,
      name,
      media_type: mimeType,
      size_bytes: buffer.length,
      sha256,
      uploaded_by: by,
      uploaded_at: now,
      check_state: 'VERIFIED',
      checked_by: by,
      check_remark: null,
    })
    .execute()
  await auditCase(tx, kase, `staff/${by}`, 'document/upload', { document, material, sha256, bytes: buffer.length })
  await auditCase(tx, kase, `staff/${by}`, 'document/VERIFIED', { document, material, remark: null })
}
