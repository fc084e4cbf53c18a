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
      paragraph(`你提出的${input.matter}申请，我中心已于${dateText(input.acceptedOn)}受理。经审核，尚需补正下列材料，现一次性告知：`),
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
    closing: [
      `请于${dateText(input.replyBy)}前（含当日）将上述材料一次补齐。自本告知书送达之日起至我中心收到全部补正材料之日止，办理期限暂停计算；` +
        '其余已提交的材料不必重复提交。',
      '特此告知。',
    ],
    signatures: ['受送达人（签名）', '送达人（签名）'],
  }
}
