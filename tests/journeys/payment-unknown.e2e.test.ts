import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { decide, openPanel, opinion, stamp } from '../setup/browser-acts.ts'
import { seriousFindings, strayWords } from '../setup/browser-looks.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })

describe('a payment whose result is unknown', () => {
  let cast: LoanCast
  let caseId: string
  let cashier: Page
  beforeAll(async () => {
    cast = new LoanCast(office.house)
    caseId = await cast.readyToPay('approved-single')
    const bank = { service: 'bank' as const, count: 200 }
    await office.house.sandbox.script({ ...bank, operation: '/payments/submit', behaviour: { kind: 'late', notices: 0 } })
    await office.house.sandbox.script({ ...bank, operation: '/payments/query', behaviour: { kind: 'down', how: '503' } })
    await cast.pays(caseId)
    await untilUnknown()
    cashier = await office.sit(cast.numberOf('CASHIER'), '/payments')
  }, 120_000)

  test('is counted on the page of payments under its state, and leads to its case', async () => {
    await cashier.getByRole('button', { name: /^结果不明\s*1\s*笔\s*400,000\.00 元/ }).click()
    await cashier.waitForURL(/state=UNKNOWN/)
    expect(await cashier.getByRole('row', { name: /^合计（共 1 笔）/ }).innerText()).toContain('400,000.00')
    const { caseNumber } = (await cast.see('CASHIER', caseId)).case
    await cashier.getByRole('link', { name: caseNumber }).click()
    await stamp(cashier, '划款结果不明').waitFor()
  })

  test('may be asked after again, and nothing else: there is no second sending', async () => {
    const offered = cashier.getByRole('region', { name: '办理', exact: true }).getByRole('button')
    expect((await offered.allInnerTexts()).slice(0, 2)).toEqual(['再次查询银行', '以银行日终文件核定'])
    await decide(cashier, '再次查询银行')
    await untilUnknown()
    await stamp(cashier, '划款结果不明').waitFor()
    await cashier.getByText('再次查询银行', { exact: true }).first().waitFor()
  })

  test('is settled by the bank’s own file, and the ledger balances', async () => {
    const serial = (await cast.see('CASHIER', caseId)).payments[0]?.paymentId.toUpperCase() ?? ''
    const { businessDate } = await (await cast.person('CASHIER')).get<{ businessDate: string }>('/api/session')
    await office.house.sandbox.release(serial, businessDate)
    const panel = await openPanel(cashier, '以银行日终文件核定')
    await panel.getByLabel('意见', { exact: true }).fill('已与银行核对日终文件')
    await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
    await panel.getByRole('button', { name: '确认以银行日终文件核定' }).click()
    await nudgedUntil('DISBURSED')
    await stamp(cashier, '已放款', '已办结').waitFor()
    await cashier.getByRole('tab', { name: /^划款与凭证/ }).click()
    await cashier
      .getByRole('list', { name: '划款经过' })
      .getByText(/^2025-11-03 .*划款成功\s*银行日终文件/)
      .waitFor()
    expect(await cashier.getByRole('row', { name: /^合计/ }).innerText()).toMatch(/400,000\.00\s+400,000\.00/)
  })

  const untilUnknown = (): Promise<void> => nudgedUntil('PAY_UNKNOWN')

  /** Somebody keeps asking, so that the pauses between the queries are not sat out. */
  const nudgedUntil = (stage: string): Promise<void> =>
    vi.waitFor(
      async () => {
        await office.house.engine.lookAgain('loan', caseId)
        expect((await cast.see('CASHIER', caseId)).case.stage).toBe(stage)
      },
      { timeout: 40_000, interval: 250 },
    )
})

describe('a payment that failed and was made after all', () => {
  let cast: LoanCast
  let caseId: string
  beforeAll(async () => {
    const { house } = office
    cast = new LoanCast(house)
    await house.sandbox.clearScripts()
    caseId = await cast.readyToPay('approved-couple')
    await house.sandbox.script({ service: 'bank', operation: '/payments/submit', behaviour: { kind: 'contradictory' } })
    await house.owner.deleteFrom('spent_one_time_code').execute()
    await cast.pays(caseId)
    await cast.reaches('CASHIER', caseId, 'PAY_FAILED')
    await house.sandbox.release((await cast.see('CASHIER', caseId)).payments[0]?.paymentId.toUpperCase() ?? '')
  }, 120_000)

  test('is found to be so by somebody of risk management, who says what the bank did and when', async () => {
    await office.incident('PAYMENT_CONTRADICTED')
    const risk = await office.sit(cast.numberOf('RISK'), '/incidents')
    const open = risk.getByRole('button', { name: /^处理 划款结果矛盾/ })
    await open.click()
    const dialog = risk.getByRole('dialog', { name: '处理：划款结果矛盾' })
    await dialog.getByRole('radio', { name: '维持划款失败（银行并未付款，或款项已追回）', checked: false }).waitFor()
    const account = '已调取银行对账单核对，收款账户确已入账'
    await dialog.getByLabel('处理结果').fill(account)
    await dialog.getByText('请先选择查明结论').waitFor()
    expect(await dialog.getByRole('button', { name: '处理' }).isDisabled(), 'nothing is concluded that nobody has chosen').toBe(true)
    await dialog.getByRole('radio', { name: '银行确已付款，补记放款（须资金结算岗另一人确认）' }).check()
    await dialog.getByLabel('查明经过').fill(account)
    await dialog.getByLabel('银行流水号').fill('B-20251103-77')
    const find = dialog.getByRole('button', { name: '登记认定' })
    expect(await find.isDisabled(), 'without the bank’s day nothing is found').toBe(true)
    await dialog.getByLabel('银行入账日期').fill('20251103')
    await find.click()
    await risk.getByText('认定待确认').waitFor()
    expect(await open.count(), 'what awaits another is not handled past them').toBe(0)
    expect([...(await seriousFindings(risk)), ...(await strayWords(risk))]).toEqual([])
  })

  test('lies before the cashier with what was found and by whom, and is booked with a one-time code', async () => {
    await cast.reaches('CASHIER', caseId, 'PAY_DISPUTED')
    const cashier = await office.sit(cast.numberOf('CASHIER'), `/cases/${caseId}`)
    await stamp(cashier, '划款结果待确认').waitFor()
    await cashier.getByRole('tab', { name: /^划款与凭证/ }).click()
    await cashier.getByText('待资金结算岗另一人在本案中凭动态口令确认').waitFor()
    // The cashier has come in by one of this half minute.
    await office.house.owner.deleteFrom('spent_one_time_code').execute()
    await decide(cashier, '确认银行已付款，补记放款', async (panel) => {
      await opinion(panel).fill('已与银行对账单核对')
      await panel.getByLabel('动态口令').fill(await cast.unspentCode('CASHIER'))
    })
    await stamp(cashier, '已放款', '已办结').waitFor()
    await cashier.getByText('认定已确认').waitFor()
    expect([...(await seriousFindings(cashier)), ...(await strayWords(cashier))]).toEqual([])
  })

  test('and leaves the house in order', () => office.expectOrder())
})
