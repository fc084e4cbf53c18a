import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import pdfmake from 'pdfmake'
import { acceptanceReceipt } from './acceptance-receipt.ts'
import { approvalNotice } from './approval-notice.ts'
import { FONT_FAMILIES } from './fonts.ts'
import { fontsFor } from './glyphs.ts'
import type { PaperInput, PaperKind } from './input.ts'
import { paperDefinition, type Template } from './layout.ts'
import { nonAcceptanceNotice } from './non-acceptance-notice.ts'
import { refusalNotice } from './refusal-notice.ts'
import { repaymentPlan } from './repayment-plan.ts'
import { supplementNotice } from './supplement-notice.ts'

export interface Paper {
  readonly bytes: Uint8Array
  /** SHA-256 of `bytes`, hexadecimal: what the archive files the paper under. */
  readonly sha256: string
  /** SHA-256 of the canonical input and the template, hexadecimal: its first sixteen places are printed at the foot. */
  readonly contentHash: string
  /** Template and version, `approval-notice@1`. */
  readonly template: string
}

/**
 * The paper as a PDF file: the same input gives the same bytes (with the same Node: its zlib packs the streams). There are two hashes,
 * because a file cannot contain its own: the one printed on the page is of the content, the one returned as `sha256` is of the file.
 * @throws MissingGlyph when a character of the input is in none of the fonts; nothing is rendered then.
 * @throws Error when the input contradicts itself (an empty list of reasons, a plan that does not add up): a bug of the caller.
 */
export async function renderPaper(input: PaperInput): Promise<Paper> {
  const { set, regular, bold } = await fontsFor(input)
  const template = TEMPLATES[input.kind].name
  const hash = contentHash(input)
  const font = FONT_FAMILIES[set]
  const definition = paperDefinition(input, bodyOf(input), { templateName: template, hash, font })
  pdfmake.virtualfs.writeFileSync(`${font}-regular`, regular)
  pdfmake.virtualfs.writeFileSync(`${font}-bold`, bold)
  const bytes = await pdfmake.createPdf(definition).getBuffer()
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), contentHash: hash, template }
}

/** SHA-256 over the RFC 8785 form of `{ input, template }`, money as decimal text in fen. Recomputed by whoever checks a paper. */
export function contentHash(input: PaperInput): string {
  const fenAsText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)
  const plain: unknown = JSON.parse(JSON.stringify({ input, template: TEMPLATES[input.kind].name }, fenAsText))
  const canonical = canonicalize(plain)
  if (canonical === undefined) throw new Error('a paper input has no canonical form')
  return createHash('sha256').update(canonical).digest('hex')
}

/**
 * A template whose wording or layout changes gets the next version, in the same change: papers already issued must be told apart from new
 * ones by their foot.
 */
export const TEMPLATES = {
  ACCEPTANCE_RECEIPT: { name: 'acceptance-receipt@2' },
  NON_ACCEPTANCE: { name: 'non-acceptance-notice@1' },
  SUPPLEMENT: { name: 'supplement-notice@2' },
  APPROVAL: { name: 'approval-notice@1' },
  REFUSAL: { name: 'refusal-notice@1' },
  REPAYMENT_PLAN: { name: 'repayment-plan@1' },
} as const satisfies Record<PaperKind, { name: string }>

function bodyOf(input: PaperInput): Template {
  switch (input.kind) {
    case 'ACCEPTANCE_RECEIPT':
      return acceptanceReceipt(input)
    case 'NON_ACCEPTANCE':
      return nonAcceptanceNotice(input)
    case 'SUPPLEMENT':
      return supplementNotice(input)
    case 'APPROVAL':
      return approvalNotice(input)
    case 'REFUSAL':
      return refusalNotice(input)
    case 'REPAYMENT_PLAN':
      return repaymentPlan(input)
  }
}

// The fonts are handed over in memory; nothing is fetched and no file is read, whatever a text in the input looks like (CVE-2026-26801).
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy(() => false)
pdfmake.setFonts(
  Object.fromEntries(Object.values(FONT_FAMILIES).map((font) => [font, { normal: `${font}-regular`, bold: `${font}-bold` }])),
)

declare module 'pdfmake' {
  /** There on the server as well, whatever the published types say. */
  export const virtualfs: { writeFileSync(name: string, content: Uint8Array): void }
}
