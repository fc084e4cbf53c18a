import { reasonList, remedyTexts } from './clauses.ts'
import type { NonAcceptanceNotice } from './input.ts'
import { paragraph, type Template } from './layout.ts'
import { dateText } from './wording.ts'

/** 不予受理通知书: the application is not taken up, for every one of these reasons. */
export function nonAcceptanceNotice(input: NonAcceptanceNotice): Template {
  return {
    title: '不予受理通知书',
    body: [
      paragraph(`你于${dateText(input.appliedOn)}提出的${input.matter}申请，经审查存在下列情形，我中心决定不予受理：`),
      ...reasonList(input.reasons),
    ],
    closing: ['上述情形消除后，你可以重新提出申请。', ...remedyTexts(input.remedy), '特此通知。'],
    signatures: ['受送达人（签名）', '送达人（签名）'],
  }
}
