import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { actionButton, confirmButton, decide, openPanel, opinion, stamp, turnTo } from '../setup/browser-acts.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'
import { sitBefore } from './three-desks.ts'

const office = openOffice({ openCases: 0 })

describe('a case that goes back', () => {
  let cast: LoanCast
  let caseId: string
  let preliminary: Page
  let reviewer: Page
  let clerk: Page
  beforeAll(async () => {
    cast = new LoanCast(office.house)
    caseId = await cast.accepted('approved-single')
    ;({ preliminary, reviewer, clerk } = await sitBefore(caseId, cast, office))
  }, 90_000)

  test('whoever has decided may take it back while nobody has acted on it; the opinion stays, struck out', async () => {
    await decide(preliminary, '初审通过', (panel) => opinion(panel).fill('资料齐全，拟同意'))
    await stamp(preliminary, '复审').waitFor()
    await decide(preliminary, '撤回', (panel) => panel.getByText('原意见保留并标明已撤回').waitFor())
    await stamp(preliminary, '初审').waitFor()
    const entry = preliminary.getByRole('listitem').filter({ hasText: '资料齐全，拟同意' })
    await entry.getByText('已撤回', { exact: true }).waitFor()
  })

  test('once the next has acted it is too late, and the button says so', async () => {
    await decide(preliminary, '初审通过', (panel) => opinion(panel).fill('复核后同意'))
    await actionButton(reviewer, '复审通过').waitFor()
    const panel = await openPanel(reviewer, '退回')
    await confirmButton(panel, '退回').click()
    await panel.getByText('还须填写：退回到的环节、意见').waitFor()
    // By name, one of several earlier stages.
    expect(await panel.getByRole('radio').count()).toBe(2)
    await panel.getByRole('radio', { name: '退回受理岗' }).check()
    await opinion(panel).fill('申请金额与家庭还款能力不相称，请与申请人核对')
    await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
    await confirmButton(panel, '退回').click()
    await stamp(reviewer, '退回受理岗').waitFor()
    const late = preliminary.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: /^撤回\s*，不能办理：/ })
    await late.waitFor()
    expect(await late.getAttribute('aria-disabled')).toBe('true')
  })

  test('who may not correct the form is told why by its page, and goes back to the case', async () => {
    await turnTo(reviewer, `/loan/${caseId}/amend`)
    await reviewer.getByRole('heading', { name: '现在不能更正' }).waitFor()
    await reviewer.getByText('本环节由受理岗办理', { exact: true }).waitFor()
    expect(await reviewer.getByLabel('申请金额（元）').count()).toBe(0)
    await reviewer.getByRole('button', { name: '返回案件' }).click()
    await stamp(reviewer, '退回受理岗').waitFor()
  })

  test('the counter reads why, corrects the form, and hands it in again', async () => {
    await stamp(clerk, '退回受理岗').waitFor()
    await clerk.getByText('申请金额与家庭还款能力不相称，请与申请人核对').waitFor()
    await clerk.getByRole('button', { name: '更正申请内容' }).click()
    await clerk.getByRole('heading', { level: 1, name: '更正申请内容' }).waitFor()
    const amount = clerk.getByLabel('申请金额（元）')
    await expect.poll(() => amount.inputValue()).toBe('400,000')
    // The form under correction is no duplicate of itself.
    await clerk.getByText('符合规则', { exact: true }).waitFor()
    expect(await clerk.getByText(/另有.*在办贷款申请/).count()).toBe(0)
    await amount.fill('36万')
    await clerk.getByText('叁拾陆万元整').first().waitFor()
    await clerk.getByRole('button', { name: '保存更正' }).click()
    await clerk.waitForURL(new RegExp(`/cases/${caseId}`))
    await clerk.getByText('申请（第 2 版）').waitFor()
    await decide(clerk, '更正后重新提交', (panel) => opinion(panel).fill('已与申请人核对，改为三十六万元'))
    await stamp(clerk, '初审').waitFor()
    await turnTo(clerk, `/loan/${caseId}/amend`)
    await clerk.getByText('本环节不能更正申请内容', { exact: true }).waitFor()
    expect(await clerk.getByRole('button', { name: '保存更正' }).count()).toBe(0)
  })

  test('and everybody who follows has the new amount, the old opinions and the way back before them', async () => {
    await stamp(reviewer, '初审').waitFor()
    await reviewer.reload()
    await reviewer.getByText('360,000.00 元').first().waitFor()
    for (const words of ['资料齐全，拟同意', '复核后同意', '已与申请人核对，改为三十六万元']) await reviewer.getByText(words).waitFor()
    await reviewer.getByRole('tab', { name: '流转' }).click()
    await reviewer.getByRole('img', { name: /复审 退回至 退回受理岗1次/ }).waitFor()
    const [verdict] = (await cast.see('REVIEWER', caseId)).verdicts
    expect(verdict?.amountFen).toBe('36000000')
  })

  test('and leaves the house in order', () => office.expectOrder())
})
