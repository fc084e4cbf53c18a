import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { decide, openPanel, opinion, stamp } from '../setup/browser-acts.ts'
import { openOffice } from '../setup/browser-office.ts'
import { printed } from '../setup/browser-papers.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })
let cast: LoanCast
beforeAll(() => {
  cast = new LoanCast(office.house)
})

/** Chooses a reason by its words; those that the rules have found stand first. */
async function chooseReason(page: Page, panel: Locator, reason: string): Promise<void> {
  await panel.getByRole('combobox', { name: '理由' }).click()
  await page.getByRole('option', { name: reason, exact: true }).click()
}

describe('an application that is not accepted', () => {
  test('is ended by the counter with a reason and an opinion, and the letter says both and where to complain', async () => {
    const caseId = await cast.submit('approved-many-children')
    const page = await office.sit(cast.numberOf('INTAKE'), `/cases/${caseId}`)
    const panel = await openPanel(page, '不予受理')
    await panel.getByRole('button', { name: '确认不予受理' }).click()
    await panel.getByText('还须填写：理由、意见').waitFor()
    await chooseReason(page, panel, '非自住住房')
    await opinion(panel).fill('所购房屋为商业用房')
    await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
    await panel.getByRole('button', { name: '确认不予受理' }).click()
    await stamp(page, '不予受理', '已办结').waitFor()
    await page.getByRole('tab', { name: /^文书/ }).click()
    const { text, invisible } = await printed(page, '不予受理通知书')
    for (const part of ['唐浩然', '非自住住房：所购房屋为商业用房', '《住房公积金管理条例》', '行政复议', '行政诉讼'])
      expect(text).toContain(part)
    expect(text).not.toContain('下列参数尚无公布文件')
    expect(invisible).toEqual([])
  })
})

describe('an application that the rules refuse', () => {
  let caseId: string
  let director: Page
  beforeAll(async () => {
    caseId = await cast.accepted('refused-new-contributor')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '请复审核定' })
    await cast.decides('REVIEWER', caseId, { action: 'pass', terms: { amountFen: '30000000', months: 240 } })
  }, 60_000)

  test('may not be approved, and the button says what may be done instead: it is put up for special approval', async () => {
    const approver = await office.sit(cast.numberOf('APPROVER'), `/cases/${caseId}`)
    const barred = approver
      .getByRole('region', { name: '办理', exact: true })
      .getByRole('button', { name: /^准予贷款\s*，不能办理：.*特审/ })
    expect(await barred.getAttribute('aria-disabled')).toBe('true')
    await decide(approver, '提请特审', (panel) => opinion(panel).fill('申请人系引进人才，缴存时间不足，提请特审'))
    await stamp(approver, '特审').waitFor()
  })

  test('the director sees what the rules have against it before anything else, and what was asked for', async () => {
    director = await office.sit(cast.numberOf('DIRECTOR'), `/cases/${caseId}`)
    const panel = await openPanel(director, '特审准予')
    await panel.getByText('规则结论为不符合。特审亦须遵守各项额度上限：').waitFor()
    const ceilings = panel.getByRole('list', { name: '额度上限' }).getByRole('listitem')
    await ceilings.filter({ hasText: '最高贷款额度' }).filter({ hasText: '450,000.00 元' }).waitFor()
    expect(await panel.getByLabel('金额（元）').inputValue()).toBe('300,000')
    await panel.getByText('大写：叁拾万元整').waitFor()
    await panel.getByRole('combobox', { name: '理由' }).click()
    await director.getByText('规则结论所列', { exact: true }).waitFor()
    expect((await director.getByRole('option').allInnerTexts())[0]).toBe('缴存时间不足')
    await director.getByRole('option', { name: '缴存时间不足' }).click()
    await panel.getByRole('button', { name: '取消' }).click()
  })

  test('is refused with reason and opinion, and the letter prints the rules’ reason, its article and the amount in words', async () => {
    await decide(director, '不准予贷款', async (panel) => {
      await chooseReason(director, panel, '缴存时间不足')
      await opinion(panel).fill('特审不同意突破缴存时间要求')
    })
    await stamp(director, '不准予贷款', '已办结').waitFor()
    // What is over has no article to hurry by.
    expect(await director.getByText('已停止计时').locator('..').innerText()).not.toContain('条')
    await director.getByText('特审不同意突破缴存时间要求').waitFor()
    await director.getByText('理由：缴存时间不足', { exact: true }).waitFor()
    await director.getByRole('tab', { name: /^文书/ }).click()
    const { text, invisible } = await printed(director, '不准予贷款通知书')
    for (const part of ['袁俊哲', '借款人连续足额缴存4个月，不足6个月', '肆拾万元整', '申请前连续足额缴存的最少月数', '行政复议']) {
      expect(text).toContain(part)
    }
    // Only what this refusal rests on is owned up to as assumed.
    for (const part of ['罚息', '首期', '楼龄']) expect(text).not.toContain(part)
    expect(invisible).toEqual([])
  })
})

test('and the house is in order', () => office.expectOrder())
