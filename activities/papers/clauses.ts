import type { Content } from 'pdfmake/interfaces.js'
import type { PaperReason, Remedy } from './input.ts'
import { SIZES } from './layout.ts'

/** Every reason, numbered, with its provision and the figures compared. @throws Error when there is none. */
export function reasonList(reasons: readonly PaperReason[]): Content[] {
  if (reasons.length === 0) throw new Error('a refusal without a reason')
  return reasons.map(({ text, article, figures }, index): Content => {
    const detail = (line: string): Content => ({ text: line, fontSize: SIZES.table, margin: [2 * SIZES.body, 1, 0, 1] })
    const compared = figures.map(({ label, value }) => `${label}：${value}`).join('；')
    return {
      unbreakable: true,
      margin: [0, 2, 0, 4],
      stack: [
        { text: `${index + 1}．${text}`, leadingIndent: 2 * SIZES.body, alignment: 'justify' },
        detail(`规定依据　${article}`),
        ...(compared === '' ? [] : [detail(`认定数据　${compared}`)]),
      ],
    }
  })
}

/** Paragraphs on what the reader may do who disagrees: ask for the reasons, ask for review, go to court. */
export const remedyTexts = ({ explainedBy, reviewBody, reviewDays, court, courtMonths, legalBasis }: Remedy): string[] => [
  `如对本决定的理由有疑问，你可以向${explainedBy}要求说明，我中心应当予以答复。`,
  `如不服本决定，你可以自收到本通知书之日起${reviewDays}日内向${reviewBody}申请行政复议，` +
    `也可以自收到本通知书之日起${courtMonths}个月内依法向${court}提起行政诉讼（${legalBasis}）。`,
]
