import type { Column, Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import QRCode from 'qrcode'
import type { PaperInput } from './input.ts'
import { countText, dateText } from './wording.ts'

/** What a kind of paper adds to the common frame. */
export interface Template {
  readonly title: string
  readonly body: readonly Content[]
  /** The last paragraphs, kept on one page with the signature. */
  readonly closing: readonly string[]
  /** Who signs for having it and who hands it over. */
  readonly signatures: readonly [string, string]
}

const MM = 72 / 25.4
/** A4 with the type area of GB/T 9704-2012 (156 mm wide); the foot holds the QR code. */
const MARGINS = { left: 28 * MM, top: 19 * MM, right: 26 * MM, bottom: 29 * MM } as const
const BODY_WIDTH = 156 * MM
/** Points: 二号 title, 小四 body, 五号 tables, 小五 the long table. */
export const SIZES = { title: 22, centre: 18, body: 12, table: 10.5, small: 9, foot: 7.5 } as const

/** The whole document: heading, addressee, the body of the kind, basis, signature, copies; foot on every page. */
export function paperDefinition(
  input: PaperInput,
  template: Template,
  { templateName, hash, font }: { templateName: string; hash: string; font: string },
): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: [MARGINS.left, MARGINS.top, MARGINS.right, MARGINS.bottom],
    version: '1.7',
    language: 'zh-CN',
    displayTitle: true,
    info: {
      title: `${template.title} ${input.paperNumber}`,
      author: input.centreName,
      subject: input.caseNumber,
      creator: templateName,
      // The start of the day of issue in Beijing, not the moment of rendering: printing again must give the same file.
      creationDate: new Date(`${input.issuedOn}T00:00:00+08:00`),
    },
    defaultStyle: { font, fontSize: SIZES.body, lineHeight: 1.1 },
    content: [
      ...heading(input, template.title),
      ...template.body,
      ...assumptions(input.parameters.assumed),
      // On one page together: a signature may never stand on a page by itself.
      { unbreakable: true, stack: [...template.closing.map(paragraph), signature(input), delivery(template.signatures, input.copiesTo)] },
    ],
    footer: (page, pages) => foot(input, templateName, hash, page, pages),
  }
}

function heading({ centreName, paperNumber, caseNumber, addressee }: PaperInput, title: string): Content[] {
  return [
    { text: centreName, fontSize: SIZES.centre, bold: true, alignment: 'center', characterSpacing: 1.5 },
    { text: title, fontSize: SIZES.title, bold: true, alignment: 'center', characterSpacing: 6, margin: [0, 2, 0, 4] },
    { canvas: [{ type: 'line', x1: 0, y1: 0, x2: BODY_WIDTH, y2: 0, lineWidth: 1.2 }] },
    {
      columns: [{ text: `案号：${caseNumber}` }, { text: paperNumber, alignment: 'right' }],
      fontSize: SIZES.table,
      margin: [0, 4, 0, 8],
    },
    { text: `${addressee}：`, margin: [0, 0, 0, 4] },
  ]
}

/** The values that no document publishes yet, in the open: as many as there are, so outside the part that is kept together. */
const assumptions = (assumed: readonly string[]): Content[] =>
  assumed.length === 0
    ? []
    : [{ text: `下列参数尚无公布文件，暂按所列口径执行：${assumed.join('；')}。`, fontSize: SIZES.table, margin: [0, 5, 0, 0] }]

/** What the decision stands on, and where to ask. */
function basis({ legalBasis, parameters, contact }: PaperInput): Column {
  if (legalBasis.length === 0) throw new Error('a paper without a legal basis')
  const lines = [
    `法律依据：${legalBasis.join('、')}。`,
    `适用参数：${dateText(parameters.asOf)}有效的业务参数，版本${parameters.snapshotId}。`,
    `联系方式：${contact.office}，地址${contact.address}，电话${contact.phone}。`,
  ]
  return { width: '*', stack: lines.map((text): Content => ({ text, margin: [0, 0, 0, 4] })), fontSize: SIZES.small, margin: [0, 10, 0, 0] }
}

/** Name and date of the centre; the seal goes over both, so forty millimetres square are left free around them. The basis stands beside. */
function signature(input: PaperInput): Content {
  return {
    margin: [0, 4, 0, 0],
    columnGap: 12,
    columns: [
      basis(input),
      {
        width: 170,
        stack: [
          { text: '（印章）', fontSize: SIZES.small, color: '#8a8a8a', alignment: 'center', margin: [0, 0, 0, 20] },
          { text: input.centreName, alignment: 'center' },
          { text: dateText(input.issuedOn), alignment: 'center', margin: [0, 1, 0, 30] },
        ],
      },
    ],
  }
}

/** 送达: two signatures and a day to be filled in by hand, and how many copies there are. */
function delivery([receiver, sender]: Template['signatures'], copiesTo: readonly string[]): Content {
  const copies = `本文书一式${countText(copiesTo.length)}份：${copiesTo.map((holder) => `${holder}一份`).join('，')}。`
  return {
    fontSize: SIZES.table,
    stack: [
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: BODY_WIDTH, y2: 0, lineWidth: 0.5 }] },
      {
        columns: [
          { width: '*', text: `${receiver}：` },
          { width: '*', text: `${sender}：` },
          { width: 140, text: '日期：　　　年　　月　　日' },
        ],
        margin: [0, 10, 0, 8],
      },
      { text: copies, margin: [0, 2, 0, 0] },
    ],
  }
}

/** Foot of each page: the QR code and beside it, in letters, what it holds; template; page. */
function foot({ paperNumber }: PaperInput, templateName: string, hash: string, page: number, pages: number): Content {
  return {
    margin: [MARGINS.left, 6 * MM, MARGINS.right, 0],
    lineHeight: 1,
    fontSize: SIZES.foot,
    color: '#333333',
    columns: [
      { width: 52, svg: qrOf(qrText(paperNumber, hash)), fit: [48, 48] },
      {
        width: '*',
        margin: [4, 6, 0, 0],
        stack: [`文书编号：${paperNumber}`, `内容校验码：${shortHash(hash)}`, `模板版本：${templateName}`],
      },
      { width: 90, text: `第${page}页　共${pages}页`, alignment: 'right', margin: [0, 18, 0, 0] },
    ],
  }
}

/** What the QR code says: a word to know it by, the paper's number and the short form of its content hash. */
export const qrText = (paperNumber: string, hash: string): string => `ANJU ${paperNumber} ${shortHash(hash)}`

/** The first sixteen places in groups of four, capitals: enough to tell papers apart, short enough to read out on the telephone. */
export const shortHash = (hash: string): string => (hash.slice(0, 16).toUpperCase().match(/.{4}/g) ?? []).join('-')

/** Black squares as one path, so that the code stays sharp at any resolution. */
function qrOf(text: string): string {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  const squares = Array.from(modules.data, (dark, place) =>
    dark ? `M${place % modules.size} ${Math.floor(place / modules.size)}h1v1h-1z` : '',
  ).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${modules.size} ${modules.size}"><path fill="#000" d="${squares}"/></svg>`
}

/** A paragraph of a letter: justified, first line two characters in. */
export const paragraph = (text: string): Content => ({
  text,
  alignment: 'justify',
  leadingIndent: 2 * SIZES.body,
  margin: [0, 1.5, 0, 1.5],
})

/** Label and value, one pair a row: the terms of a decision. */
export function termsTable(rows: readonly (readonly [label: string, value: string])[]): Content {
  return {
    fontSize: SIZES.table,
    lineHeight: 1,
    margin: [0, 5, 0, 5],
    layout: GRID,
    table: {
      widths: [96, '*'],
      dontBreakRows: true,
      body: rows.map(([label, value]): TableCell[] => [
        { text: label, bold: true, alignment: 'center', verticalAlignment: 'middle' },
        value,
      ]),
    },
  }
}

export interface GridColumn {
  readonly title: string
  readonly width: number | '*'
  readonly alignment: 'left' | 'center' | 'right'
}

/** A table with its head repeated on every page; a last row in bold where totals are given. */
export function gridTable(columns: readonly GridColumn[], rows: readonly (readonly string[])[], totals?: readonly string[]): Content {
  // A plan of thirty years has 360 rows: it is set smaller than a list of papers.
  const fontSize = totals ? SIZES.small : SIZES.table
  const cells = (row: readonly string[], bold: boolean): TableCell[] =>
    row.map((text, index): TableCell => ({ text, bold, alignment: columns[index]?.alignment ?? 'left', verticalAlignment: 'middle' }))
  return {
    fontSize,
    lineHeight: 1,
    margin: [0, 5, 0, 5],
    layout: GRID,
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: columns.map(({ width }) => width),
      body: [
        columns.map(({ title }): TableCell => ({ text: title, bold: true, alignment: 'center' })),
        ...rows.map((row) => cells(row, false)),
        ...(totals ? [cells(totals, true)] : []),
      ],
    },
  }
}

const GRID = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  paddingTop: () => 2,
  paddingBottom: () => 2.5,
  paddingLeft: () => 6,
  paddingRight: () => 6,
}
