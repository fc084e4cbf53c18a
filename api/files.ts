import { randomUUID } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { fileTypeFromBuffer } from 'file-type'
import multer from 'multer'
import { z } from 'zod'
import { revivePaper } from '#activities/loan/papers.ts'
import { MissingGlyph } from '#activities/papers/glyphs.ts'
import { renderPaper } from '#activities/papers/render.ts'
import { caseId as caseIdText } from '#contracts/cases.ts'
import { inputText } from '#contracts/input-text.ts'
import { sha256Hex } from '#db/canonical.ts'
import { forSql } from '#db/connect.ts'
import { readCaseFile } from '#db/read/case-page.ts'
import { businessTime } from '#db/read/time.ts'
import { appendAudit } from '#db/write/audit.ts'
import { recordEvent } from '#db/write/cases.ts'
import { guardOrigin, readAs } from './mount.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { refuse } from './problems.ts'
import { readSession } from './session.ts'

const BYTES_MAX = 10 * 1024 * 1024
/** By content, never by name: what a viewer can show, and nothing that runs. */
const MEDIA_TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp']

const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: BYTES_MAX, files: 1, fields: 4, fieldSize: 200 } }).single(
  'file',
)
const uploadFields = z.strictObject({ material: z.string().regex(/^[A-Z_]{2,40}$/) })

/** The routes that do not speak JSON: documents in and out, and papers. */
export function mountFiles(app: Express, parts: ApiParts): void {
  app.post('/api/cases/:caseId/documents', async (req, res) => {
    guardOrigin(parts, req, 'multipart/form-data')
    const me = await signedIn(parts, req)
    await receive(req, res)
    res.status(201).json(await keepDocument(parts, me, req))
  })

  app.get('/api/documents/:documentId/content', async (req, res) => {
    const me = await signedIn(parts, req)
    const id = uuid(req.params.documentId)
    const found = await readAs(parts.reader, me, (db) =>
      forSql(db)
        .selectFrom('document')
        .innerJoin('document_content', 'document_content.sha256', 'document.sha256')
        .select(['document.media_type', 'document.name', 'document_content.content', 'document.case_id', 'document.org_id'])
        .where('document_id', '=', id)
        .executeTakeFirst(),
    )
    if (!found) throw refuse('NOT_FOUND')
    await noteRead(parts, me, `read/document`, { document: id })
    sendFile(res, found.media_type, found.content)
  })

  app.get('/api/papers/:paperId', async (req, res) => {
    const me = await signedIn(parts, req)
    sendFile(res, 'application/pdf', await paperBytes(parts, me, uuid(req.params.paperId)))
  })
}

const uuid = (text: unknown): string => {
  const parsed = z.uuid().safeParse(text)
  if (!parsed.success) throw refuse('NOT_FOUND')
  return parsed.data
}

async function signedIn(parts: ApiParts, req: Request): Promise<SignedIn> {
  const me = await readSession(parts, req)
  if (!me) throw refuse('NOT_SIGNED_IN')
  return me
}

const receive = (req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    upload(req, res, (error: unknown) => {
      if (!error) return resolve()
      if (error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE')
        return reject(refuse('TOO_LARGE', '单个文件不超过 10 MB'))
      return reject(error instanceof multer.MulterError ? refuse('BAD_REQUEST', '上传内容不完整') : error)
    })
  })

async function keepDocument(parts: ApiParts, me: SignedIn, req: Request) {
  const caseId = caseIdText.safeParse(req.params['caseId'])
  if (!caseId.success) throw refuse('NOT_FOUND')
  const fields = uploadFields.parse({ ...(req.body as object) }, { error: inputText })
  if (!req.file || req.file.size === 0) throw refuse('INVALID_INPUT', '请选择文件')
  const kase = await readAs(parts.reader, me, (db) => readCaseFile(db, caseId.data))
  if (!kase) throw refuse('NOT_FOUND')
  if (!kase.open) throw refuse('CONFLICT', '案件已办结，不能再上传材料')
  const type = await fileTypeFromBuffer(req.file.buffer)
  if (!type || !MEDIA_TYPES.includes(type.mime))
    throw refuse('UNSUPPORTED_MEDIA', '只接受 PDF、JPEG、PNG、WebP；按文件内容判断，不看扩展名')
  const file = { ...req.file, mime: type.mime, sha256: sha256Hex(req.file.buffer), documentId: randomUUID() }
  // Browsers send file names as latin-1 bytes of UTF-8.
  const name =
    Buffer.from(file.originalname, 'latin1')
      .toString('utf8')
      .normalize('NFC')
      .replace(/[\p{C}/\\]/gu, '')
      .slice(-80) || '未命名'
  await parts.desk.transaction().execute(async (tx) => {
    await tx
      .insertInto('document_content')
      .values({ sha256: file.sha256, content: file.buffer })
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .execute()
    await tx
      .insertInto('document')
      .values({
        document_id: file.documentId,
        case_id: kase.case_id,
        org_id: kase.org_id,
        access_group_id: kase.access_group_id,
        material: fields.material,
        name,
        media_type: file.mime,
        size_bytes: file.size,
        sha256: file.sha256,
        uploaded_by: me.staffId,
        uploaded_at: (await businessTime(tx)).now,
        checked_by: null,
        check_remark: null,
      })
      .execute()
    await appendAudit(tx, {
      stream: `case/${kase.case_id}`,
      caseId: kase.case_id,
      orgId: kase.org_id,
      accessGroupId: kase.access_group_id,
      actor: `staff/${me.staffId}`,
      act: 'document/upload',
      body: { document: file.documentId, material: fields.material, sha256: file.sha256, bytes: file.size },
    })
    await recordEvent(tx, kase, 'DOCUMENT')
  })
  return { documentId: file.documentId, sha256: file.sha256 }
}

/** The file of a paper: made from its kept input when first asked for, and kept under its digest from then on. */
async function paperBytes(parts: ApiParts, me: SignedIn, paperId: string): Promise<Uint8Array> {
  const paper = await readAs(parts.reader, me, (db) =>
    forSql(db)
      .selectFrom('paper')
      .leftJoin('document_content', 'document_content.sha256', 'paper.sha256')
      .select(['paper.input', 'document_content.content'])
      .where('paper_id', '=', paperId)
      .executeTakeFirst(),
  )
  if (!paper) throw refuse('NOT_FOUND')
  await noteRead(parts, me, 'print/paper', { paper: paperId })
  if (paper.content) return paper.content
  const rendered = await renderPaper(revivePaper(paper.input).input).catch((error: unknown) => {
    if (error instanceof MissingGlyph) throw refuse('CONFLICT', `字库缺少“${error.character}”字（${error.field}），不能出具文书`)
    throw error
  })
  await parts.desk.transaction().execute(async (tx) => {
    await tx
      .insertInto('document_content')
      .values({ sha256: rendered.sha256, content: Buffer.from(rendered.bytes) })
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .execute()
    await tx
      .updateTable('paper')
      .set({ sha256: rendered.sha256, template: rendered.template })
      .where('paper_id', '=', paperId)
      .where('sha256', 'is', null)
      .execute()
  })
  return rendered.bytes
}

const noteRead = (parts: ApiParts, me: SignedIn, act: string, body: Record<string, unknown>) =>
  parts.desk
    .transaction()
    .execute((tx) => appendAudit(tx, { stream: `desk/${me.staffId}`, orgId: me.orgId, actor: `staff/${me.staffId}`, act, body }))

/** Shown in the page's own viewer, never run: no sniffing, no scripts, same origin only. */
function sendFile(res: Response, mediaType: string, content: Uint8Array): void {
  res.setHeader('Cache-Control', 'private, no-store')
  res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
  res.setHeader('X-Frame-Options', 'SAMEORIGIN')
  res.type(mediaType).send(Buffer.from(content))
}
