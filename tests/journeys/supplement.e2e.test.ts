import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { actionButton, decide, openPanel, opinion, stamp } from '../setup/browser-acts.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'
import { sitBefore } from './three-desks.ts'

const office = openOffice({ openCases: 0 })

interface InPage {
  readonly ownerDocument: { readonly defaultView: { getComputedStyle(one: InPage): { readonly backgroundImage: string } } }
}

/** Runs in the page. */
const backgroundOf = (element: unknown): string => {
  const here = element as InPage
  return here.ownerDocument.defaultView.getComputedStyle(here).backgroundImage
}

describe('one supplement notice', () => {
  let cast: LoanCast
  let caseId: string
  let preliminary: Page
  let reviewer: Page
  let clerk: Page
  beforeAll(async () => {
    cast = new LoanCast(office.house)
    caseId = await cast.accepted('approved-second-home')
    ;({ preliminary, reviewer, clerk } = await sitBefore(caseId, cast, office))
  }, 90_000)

  test('the first reviewer adds what is wanted and passes the case on', async () => {
    await decide(preliminary, '初审通过', async (panel) => {
      await panel.getByRole('button', { name: '增加一项' }).click()
      // From the checklist; anything else may be typed.
      await panel.getByLabel('材料 1').click()
      await preliminary.getByRole('option', { name: '收入证明' }).click()
      await panel.getByLabel('原因 1').fill('未加盖单位公章')
      await opinion(panel).fill('收入证明须补正')
    })
    await stamp(preliminary, '复审').waitFor()
  })

  test('the second sees what was asked, adds the rest, and may not pass before the notice is out', async () => {
    const barred = reviewer
      .getByRole('region', { name: '办理', exact: true })
      .getByRole('button', { name: /^复审通过\s*，不能办理：.*1项材料待补正/ })
    await barred.waitFor()
    const panel = await openPanel(reviewer, '发出一次性告知')
    await panel.getByText('已提出 1 项，随一次性告知一并发出').waitFor()
    await panel.getByText('收入证明：未加盖单位公章（初审）').waitFor()
    await panel.getByRole('button', { name: '取消' }).click()
    await decide(reviewer, '发出一次性告知', async (opened) => {
      await opened.getByRole('button', { name: '增加一项' }).click()
      await opened.getByLabel('材料 1').fill('首付款发票')
      await opened.getByLabel('原因 1').fill('未提供')
    })
    await stamp(reviewer, '补正中').waitFor()
  })

  test('one paper says both, and the clock runs on until it has been delivered', async () => {
    await stamp(clerk, '补正中').waitFor()
    await clerk.getByText('待补正材料 2 项').waitFor()
    await clerk.getByRole('tab', { name: /^文书/ }).click()
    await clerk.getByRole('row', { name: /^一次性告知书.*尚未送达/ }).waitFor()
    await clerk.getByRole('tab', { name: '材料' }).click()
    await clerk.getByText('待补正 2 项：收入证明（未加盖单位公章）；首付款发票（未提供）').waitFor()
  })

  test('delivery stops the clock: the page says so and the pause is hatched', async () => {
    await decide(clerk, '登记告知书送达', async (panel) => {
      expect(await panel.getByLabel('送达日期').inputValue()).toBe('2025-11-03')
      await panel.getByRole('combobox', { name: '送达方式' }).click()
      await clerk.getByRole('option', { name: '直接送达' }).click()
    })
    await stamp(clerk, '补正中', '计时暂停').waitFor()
    const pause = clerk.getByText(/^2025-11-03 至 今：.*送达/)
    await pause.waitFor()
    expect(await pause.evaluate(backgroundOf)).toContain('repeating-linear-gradient')
    // From now on the days are the applicant's, by the calendar; and no tab is out of sight.
    await clerk.getByText('申请人期限至 2025-12-03（自然日）').waitFor()
    await clerk.getByText('申请人期限 余 30天').waitFor()
    await clerk.getByRole('listitem').filter({ hasText: '发出一次性告知' }).getByText('转入 补正中').waitFor()
    const tabs = clerk.getByRole('tablist', { name: '案件内容' })
    expect(await tabs.evaluate((list) => list.scrollWidth <= (list.parentElement?.clientWidth ?? 0))).toBe(true)
    await clerk.getByRole('tab', { name: /^文书/ }).click()
    await clerk.getByRole('row', { name: /^一次性告知书.*2025-11-03\s+2025-11-03/ }).waitFor()
  })

  test('what the clerk enters as received starts it again, and the case is checked anew', async () => {
    await decide(clerk, '已收到补正材料', (panel) => opinion(panel).fill('两项材料已补齐'))
    await stamp(clerk, '初审').waitFor()
    await clerk.getByText(/^2025-11-03 至 2025-11-03：/).waitFor()
    await clerk.getByRole('tab', { name: '申请与事实' }).click()
    await clerk.getByRole('row', { name: /^收入证明.*第 1 次告知\s+已补正/ }).waitFor()
  })

  test('a second notice asks for its reason, and goes out with it', async () => {
    await stamp(preliminary, '初审').waitFor()
    await decide(preliminary, '初审通过')
    await actionButton(reviewer, '发出一次性告知').waitFor()
    const panel = await openPanel(reviewer, '发出一次性告知')
    await panel.getByRole('button', { name: '增加一项' }).click()
    await panel.getByLabel('材料 1').fill('户口簿')
    await panel.getByLabel('原因 1').fill('缺增减页')
    await panel.getByRole('button', { name: '确认发出一次性告知' }).click()
    await panel.getByText('还须填写：再次告知的理由（不少于4个字）').waitFor()
    expect((await cast.see('REVIEWER', caseId)).case.stage).toBe('REVIEW')
    await panel.getByLabel('再次告知的理由').fill('补正的户口簿页码不全')
    await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
    await panel.getByRole('button', { name: '确认发出一次性告知' }).click()
    await stamp(reviewer, '补正中').waitFor()
    const { wants, papers } = await cast.see('REVIEWER', caseId)
    expect(wants.map(({ item, noticeNo }) => [item, noticeNo])).toEqual([
      ['收入证明', 1],
      ['首付款发票', 1],
      ['户口簿', 2],
    ])
    expect(papers.filter(({ kind }) => kind === 'SUPPLEMENT')).toHaveLength(2)
  })

  test('and leaves the house in order', () => office.expectOrder())
})
