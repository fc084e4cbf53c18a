import type { AcceptanceReceipt } from './input.ts'
import { gridTable, paragraph, type Template } from './layout.ts'
import { dateText } from './wording.ts'

/** 受理回执: the application is complete, the clock runs, these papers were handed in. */
export function acceptanceReceipt(input: AcceptanceReceipt): Template {
  return {
    title: '受理回执',
    body: [
      paragraph(
        `你于${dateText(input.appliedOn)}提出的${input.matter}申请，申请材料齐全、符合要求，我中心已于${dateText(input.acceptedOn)}受理。`,
      ),
      paragraph(
        `我中心将自受理之日起${input.timeLimit}内作出决定并通知你，${lastDay(input)}。需要你补正材料的，` +
          '我中心将一次性书面告知，自告知书送达之日起至收到补正材料之日止的时间不计入上述期限。',
      ),
      paragraph('收到的申请材料如下：'),
      gridTable(
        [
          { title: '序号', width: 34, alignment: 'center' },
          { title: '材料名称', width: '*', alignment: 'left' },
          { title: '形式', width: 90, alignment: 'center' },
          { title: '份数', width: 40, alignment: 'center' },
        ],
        input.materials.map(({ name, form, count }, index) => [String(index + 1), name, form, String(count)]),
      ),
    ],
    closing: ['请妥善保管本回执，凭案号查询办理进度。本回执不代表贷款申请已获批准。'],
    signatures: ['申请人（签名）', `受理人${input.receivedBy}（签名）`],
  }
}

/** Without the calendar of the year in which it ends, the last day is not known yet, and the receipt says so. */
const lastDay = ({ decideBy }: AcceptanceReceipt): string =>
  decideBy ? `最迟不晚于${dateText(decideBy)}` : '期限届满当年的节假日安排尚未公布，最后一日待公布后另行告知'
