import type { Locator } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { confirmButton, decide, openPanel, opinion, stamp } from '../setup/browser-acts.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })
let cast: LoanCast
beforeAll(() => {
  cast = new LoanCast(office.house)
})

/** The part of the panel that asks one question. */
const asked = (panel: Locator, what: string): Locator => panel.getByRole('group', { name: what, exact: true })

describe('what a source did not answer', () => {
  test('is typed from the paper, question by question, and the rules judge again on it', async () => {
    const caseId = await cast.accepted('manual-credit-silent')
    const page = await office.sit(cast.numberOf('PRELIMINARY_REVIEWER'), `/cases/${caseId}`)
    const panel = await openPanel(page, '登记核验结果')
    const [credit, list] = [asked(panel, '借款人征信报告'), asked(panel, '借款人失信被执行人名单')]
    await credit.getByText(/^人民银行征信：/).waitFor()
    // The first question, not the opinion below them all.
    await credit.getByLabel('当前逾期金额（元）').and(page.locator(':focus')).waitFor()
    await confirmButton(panel, '登记核验结果').click()
    await panel.getByText('还须填写：意见、借款人征信报告的核验结果、借款人失信被执行人名单的核验结果').waitFor()

    await credit.getByLabel('当前逾期金额（元）').fill('0')
    await credit.getByLabel('最长连续逾期').fill('1')
    await credit.getByLabel('近24个月累计逾期').fill('2')
    await credit.getByLabel('报告载明的每月应还（元）').fill('1,200')
    await credit.getByLabel(/^核验依据/).fill('个人信用报告（打印件）2025110300123')
    await list.getByRole('radio', { name: '未列入' }).check()
    await list.getByLabel(/^核验依据/).fill('中国执行信息公开网查询页20251103')
    await opinion(panel).fill('已核对纸质信用报告原件')
    await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
    await confirmButton(panel, '登记核验结果').click()
    await stamp(page, '初审').waitFor()
    await page.getByRole('tab', { name: /^规则/ }).click()
    await page.getByText('借款人征信报告未能联网取得，经人工核验（凭：个人信用报告（打印件）2025110300123）').first().waitFor()
  })

  test('and a paper that was read wrongly is read again: the other answers stay', async () => {
    const [{ caseId } = { caseId: '' }] = await office.house.owner
      .selectFrom('case_file')
      .select('case_id as caseId')
      .where('stage', '=', 'PRELIM_REVIEW')
      .execute()
    const page = await office.sit(cast.numberOf('PRELIMINARY_REVIEWER'), `/cases/${caseId}`)
    await decide(page, '转人工核验')
    await stamp(page, '人工核验').waitFor()
    const panel = await openPanel(page, '登记核验结果')
    const list = asked(panel, '借款人失信被执行人名单')
    await list.getByText('已核验（凭：中国执行信息公开网查询页20251103）').waitFor()
    await list.getByRole('button', { name: '重新登记' }).click()
    await list.getByRole('radio', { name: '已列入' }).check()
    await list.getByLabel(/^核验依据/).fill('中国执行信息公开网查询页20251103（复核）')
    await opinion(panel).fill('同名核对后确认系本人')
    await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
    await confirmButton(panel, '登记核验结果').click()
    await stamp(page, '初审').waitFor()
    const [verdict] = (await cast.see('PRELIMINARY_REVIEWER', caseId)).verdicts
    expect(verdict).toMatchObject({ outcome: 'refused', reasons: [{ code: 'DISHONEST_DEBTOR' }] })
  })
})
