import type { SupplementNotice } from './input.ts'
import { gridTable, paragraph, type Template } from './layout.ts'
import { dateText } from './wording.ts'

/** 一次性告知书: everything that is still wanted, in one go. @throws Error when nothing is wanted. */
export function supplementNotice(input: SupplementNotice): Template {
  if (input.wants.length === 0) throw new Error('a supplement notice that wants nothing')
  const again = input.secondNoticeReason === undefined ? [] : [paragraph(`本次为再次告知，原因：${input.secondNoticeReason}。`)]
  return {
    title: '一次性告知书',
    body: [
      paragraph(opening(input)),
      gridTable(
        [
          { title: '序号', width: 34, alignment: 'center' },
          { title: '需补正的材料', width: 170, alignment: 'left' },
          { title: '原因和要求', width: '*', alignment: 'left' },
        ],
        input.wants.map(({ item, reason }, index) => [String(index + 1), item, reason]),
      ),
      ...again,
    ],
    closing: [`${period(input)}${meanwhile(input)}其余已提交的材料不必重复提交。`, '特此告知。'],
    signatures: ['受送达人（签名）', '送达人（签名）'],
  }
}

/** Before acceptance the notice must not say that anything has been accepted: that is what the materials are wanted for. */
const opening = ({ matter, appliedOn, acceptedOn }: SupplementNotice): string =>
  acceptedOn
    ? `你提出的${matter}申请，我中心已于${dateText(acceptedOn)}受理。经审核，尚需补正下列材料，现一次性告知：`
    : `你于${dateText(appliedOn)}提出的${matter}申请，经核对，申请材料不齐全或者不符合规定形式，尚未受理。现将需要补正的全部内容一次性告知如下：`

/** Counted from the delivery, as the record counts it: on the day of printing nobody knows yet when that will be. */
const period = ({ answerDays }: SupplementNotice): string =>
  answerDays === null
    ? '请将上述材料一次补齐。'
    : `请自本告知书送达之日起${answerDays}日内（送达当日不计算在内，按自然日计算；最后一日为法定休假日的，顺延至其后第一个工作日）将上述材料一次补齐。`

function meanwhile({ acceptedOn, answerDays }: SupplementNotice): string {
  const lapse = answerDays === null ? '' : `逾期未补正的，我中心核实后可以终止办理${acceptedOn ? '' : '，终止后可以重新提出申请'}；`
  return acceptedOn
    ? `自本告知书送达之日起至我中心收到全部补正材料之日止，办理期限暂停计算；${lapse}`
    : `材料补齐并符合规定形式的，我中心即予受理，审批期限自受理之日起计算；${lapse}`
}
