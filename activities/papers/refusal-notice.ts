import { reasonList, remedyTexts } from './clauses.ts'
import type { RefusalNotice } from './input.ts'
import { paragraph, type Template } from './layout.ts'
import { amountText, dateText, termText } from './wording.ts'

/** 不准予贷款通知书: every reason with its provision and figures, and what the applicant may do about it. */
export function refusalNotice(input: RefusalNotice): Template {
  return {
    title: '不准予贷款通知书',
    body: [
      paragraph(
        `你提出的${input.matter}申请，申请金额${amountText(input.askedFen)}，申请期限${termText(input.askedTermMonths)}，` +
          `我中心于${dateText(input.acceptedOn)}受理。经审核，存在下列情形，决定不准予贷款：`,
      ),
      ...reasonList(input.reasons),
    ],
    closing: ['上述情形消除后，你可以重新提出申请。', ...remedyTexts(input.remedy), '特此通知。'],
    signatures: ['受送达人（签名）', '送达人（签名）'],
  }
}
