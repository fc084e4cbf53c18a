import { randomUUID } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { fileTypeFromBuffer } from 'file-type'
import multer from 'multer'
import { z } from 'zod'
import { revivePaper } from '#activities/loan/papers.ts'
import { MissingGlyph } from '#activities/papers/glyphs.ts'
import { renderPaper } from '#activities/papers/render.ts'
import { uploadDocument } from '#contracts/api/documents.ts'
import { inputText } from '#contracts/input-text.ts'
import { sha256Hex } from '#db/canonical.ts'
import { forSql } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { businessTime } from '#db/read/time.ts'
import { inReading } from '#db/transaction.ts'
import { noteLook } from '#db/write/read-log.ts'
import { recordEvent } from '#db/write/cases.ts'
import { audit, visibleCase } from './cases.ts'
import { guardUpload } from './file-rights.ts'
import { isOnChecklist } from './kind-obstacles.ts'
import { guardOrigin, openCall, reply, runDeskCommand, type DeskCall } from './mount.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { refuse, RefusalError } from './problems.ts'
import { readSession } from './session.ts'

const BYTES_MAX = 10 * 1024 * 1024
/** By content, never by name: what a viewer can show, and nothing that runs. */
const MEDIA_TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp']

const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: BYTES_MAX, files: 1, fields: 4, fieldSize: 200 } }).single(
  'file',
)

/** The routes that do not speak JSON: documents in and out, and papers. */
export function mountFiles(app: Express, parts: ApiParts): void {
  app.post(`/api${uploadDocument.path}`, async (req, res) => {
    guardOrigin(parts, req, 'multipart/form-data')
    const call = await openCall(parts, uploadDocument, req, res)
    const caseId = uuid(req.params['caseId'])
    await receive(req, res)
    const file = await fileIn(req)
    // What tells a repeat from another upload: where to, as what, under which name; the digest stands for the content.
    const { material, name, sha256 } = file
    const input = { params: { caseId }, query: undefined, body: { material, name, sha256 } }
    const answered = await runDeskCommand(uploadDocument, input, call, (desk) => keepDocument(desk, caseId, file))
    await reply(uploadDocument, answered, res)
  })

  app.get('/api/documents/:documentId/content', async (req, res) => {
    const me = await signedIn(parts, req)
    const id = uuid(req.params.documentId)
    const found = await inReading(parts.reader, me, (db) =>
      forSql(db)
        .selectFrom('document')
        .innerJoin('document_content', 'document_content.sha256', 'document.sha256')
        .select(['document.media_type', 'document_content.content', 'document.material'])
        .select(['document.case_id', 'document.org_id', 'document.access_group_id'])
        .where('document_id', '=', id)
        .executeTakeFirst(),
    )
    if (!found) throw refuse('NOT_FOUND')
    await noteLook(parts.desk, { kase: found, staffId: me.staffId, act: 'read/document', body: { document: id, material: found.material } })
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

interface UploadedFile {
  readonly material: string
  readonly name: string
  readonly mediaType: string
  readonly sha256: string
  readonly content: Buffer
}

/** A field of the form that cannot be so. Said as a whole too: beside the file that was not taken there is room for one sentence. */
const faulty = (field: string, code: string, detail: string): RefusalError =>
  new RefusalError({ code: 'INVALID_INPUT', detail, errors: [{ pointer: `#/${field}`, code, detail }] })

/** The form as it came, the file known by its content. @throws RefusalError when there is none, or none that a viewer can show */
async function fileIn({ body, file }: Request): Promise<UploadedFile> {
  const { material } = uploadDocument.body.parse({ ...(body as object) }, { error: inputText })
  if (!file || file.size === 0) throw faulty('file', 'REQUIRED', '请选择文件')
  const type = await fileTypeFromBuffer(file.buffer)
  if (!type || !MEDIA_TYPES.includes(type.mime))
    throw refuse('UNSUPPORTED_MEDIA', '只接受 PDF、JPEG、PNG、WebP；按文件内容判断，不看扩展名')
  // Browsers send file names as latin-1 bytes of UTF-8.
  const name =
    Buffer.from(file.originalname, 'latin1')
      .toString('utf8')
      .normalize('NFC')
      .replace(/[\p{C}/\\]/gu, '')
      .slice(-80) || '未命名'
  return { material, name, mediaType: type.mime, sha256: sha256Hex(file.buffer), content: file.buffer }
}

async function keepDocument(call: DeskCall, caseId: string, { material, name, mediaType, sha256, content }: UploadedFile) {
  const kase = await visibleCase(call, caseId)
  await guardUpload(call, kase)
  if (!isOnChecklist(kase.kind, material)) throw faulty('material', 'UNKNOWN_REFERENCE', '材料清单中没有此项')
  const documentId = randomUUID()
  await call.tx
    .insertInto('document_content')
    .values({ sha256, content })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
  await call.tx
    .insertInto('document')
    .values({
      document_id: documentId,
      case_id: kase.case_id,
      org_id: kase.org_id,
      access_group_id: kase.access_group_id,
      material,
      name,
      media_type: mediaType,
      size_bytes: content.length,
      sha256,
      uploaded_by: call.me.staffId,
      uploaded_at: (await businessTime(call.tx)).now,
      checked_by: null,
      check_remark: null,
    })
    .execute()
  await audit(call, kase, 'document/upload', { document: documentId, material, sha256, bytes: content.length })
  await recordEvent(call.tx, kase, 'DOCUMENT')
  return { documentId, sha256 }
}

/** The file of a paper: made from its kept input when first asked for, and kept under its digest from then on. */
async function paperBytes(parts: ApiParts, me: SignedIn, paperId: string): Promise<Uint8Array> {
  const paper = await inReading(parts.reader, me, (db) =>
    forSql(db)
      .selectFrom('paper')
      .leftJoin('document_content', 'document_content.sha256', 'paper.sha256')
      .select(['paper.input', 'document_content.content', 'paper.kind', 'paper.case_id', 'paper.org_id', 'paper.access_group_id'])
      .where('paper_id', '=', paperId)
      .executeTakeFirst(),
  )
  if (!paper) throw refuse('NOT_FOUND')
  await noteLook(parts.desk, { kase: paper, staffId: me.staffId, act: 'print/paper', body: { paper: paperId, kind: paper.kind } })
  if (paper.content) return paper.content
  const rendered = await renderPaper(revivePaper(paper.input).input).catch((error: unknown) => {
    if (error instanceof MissingGlyph) throw refuse('CONFLICT', `字库缺少“${error.character}”字（${error.field}），不能出具文书`)
    throw error
  })
  await transact(parts.desk, 'paper-rendered', async (tx) => {
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

/** Shown in the page's own viewer, never run: no sniffing, no scripts, same origin only. */
function sendFile(res: Response, mediaType: string, content: Uint8Array): void {
  res.setHeader('Cache-Control', 'private, no-store')
  res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
  res.setHeader('X-Frame-Options', 'SAMEORIGIN')
  res.type(mediaType).send(Buffer.from(content))
}
