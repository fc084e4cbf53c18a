import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { connect } from '#db/connect.ts'
import { setCalendarDay } from '#db/write/calendar.ts'
import { centreOfNobody, raiseIncident } from '#db/write/incidents.ts'
import { decide, stamp, turnTo } from '../setup/browser-acts.ts'
import { seriousFindings, strayWords } from '../setup/browser-looks.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })
let cast: LoanCast
beforeAll(() => {
  cast = new LoanCast(office.house)
})

describe('somebody’s rights', () => {
  let proposer: Page
  const leaver = () => {
    const found = office.house.logins.people.filter(({ posts, orgName }) => posts.includes('REVIEWER') && orgName === cast.branch).at(-1)
    if (!found) throw new Error('the main branch has reviewers')
    return found
  }

  test('are proposed to be changed by one administrator, who may not confirm it', async () => {
    const { name, staffNumber } = leaver()
    proposer = await office.sit(cast.numberOf('SYS_ADMIN'), '/staff')
    await proposer.getByLabel('姓名、工号、机构').fill(staffNumber)
    await proposer.getByRole('button', { name: `提出变更：${name}` }).click()
    const dialog = proposer.getByRole('dialog', { name: `提出变更：${name}（${staffNumber}）` })
    await dialog.getByRole('combobox', { name: '变更' }).click()
    await proposer.getByRole('option', { name: '锁定账号' }).click()
    await dialog.getByLabel('理由').fill('长期病假，暂停使用')
    await dialog.getByRole('button', { name: '提出' }).click()
    await stamp(proposer, '待安全管理员确认').waitFor()
    const own = proposer.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: /^确认生效\s*，不能办理：/ })
    expect(await own.getAttribute('aria-disabled')).toBe('true')
  })

  test('are changed by another, who reads first what would change, of whom and why, and gives a one-time code', async () => {
    const { name, staffNumber } = leaver()
    const confirmer = await office.sit(cast.numberOf('SEC_ADMIN'), proposer.url())
    for (const words of ['锁定账号', `${name}（${staffNumber}）`, '长期病假，暂停使用', '复审岗']) {
      await confirmer.getByRole('tabpanel').getByText(words, { exact: true }).waitFor()
    }
    expect([...(await seriousFindings(confirmer)), ...(await strayWords(confirmer))]).toEqual([])
    const oneTimeCode = await cast.unspentCode('SEC_ADMIN')
    await decide(confirmer, '确认生效', (panel) => panel.getByLabel('动态口令').fill(oneTimeCode))
    await stamp(confirmer, '已生效', '已办结').waitFor()
    await turnTo(proposer, '/staff')
    await proposer.getByRole('row', { name: new RegExp(`^${staffNumber}.*已锁定`) }).waitFor()
  })
})

describe('what went wrong', () => {
  test('stands on the incidents page, and a stuck case goes on when it is retried with a reason', async () => {
    const caseId = await cast.complete('approved-capacity-limits')
    const { content_enc: whole } = await office.house.owner
      .selectFrom('loan_application')
      .select('content_enc')
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow()
    const write = (content: Buffer) =>
      office.house.owner.updateTable('loan_application').set({ content_enc: content }).where('case_id', '=', caseId).execute()
    await write(office.house.vault.seal('{}'))
    await cast.decides('INTAKE', caseId, { action: 'accept' })
    const { caseNumber } = (await cast.see('INTAKE', caseId)).case

    await office.incident('CASE_STUCK')
    const page = await office.sit(cast.numberOf('RISK'), '/incidents')
    const again = page.getByRole('button', { name: `重试 流程停滞 ${caseNumber}` })
    await again.waitFor()
    await write(whole)
    await again.click()
    const dialog = page.getByRole('dialog', { name: '重试：流程停滞' })
    expect(await dialog.getByRole('button', { name: '重试' }).isDisabled()).toBe(true)
    await dialog.getByLabel('理由').fill('申请数据已修复')
    await dialog.getByRole('button', { name: '重试' }).click()
    await page.getByText('没有未处理的异常。').waitFor()
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
  })

  test('where nothing can be tried again is looked into and settled, and stays readable with what came of it', async () => {
    const serial = 'GHOST-20251103-0007'
    await office.house.sandbox.script({
      service: 'bank',
      behaviour: { kind: 'phantom-success', serial, amountFen: '12000000', businessDate: '2025-11-03' },
    })
    await office.incident('NOTICE_UNMATCHED')
    const page = await office.sit(cast.numberOf('RISK'), '/incidents')
    const settle = page.getByRole('button', { name: '处理 银行通知对不上' })
    await settle.waitFor()
    expect([...(await seriousFindings(page)), ...(await strayWords(page))]).toEqual([])
    await settle.click()
    const dialog = page.getByRole('dialog', { name: '处理：银行通知对不上' })
    await dialog.getByLabel('处理结果').fill('银行已更正，系错发')
    await dialog.getByRole('button', { name: '处理' }).click()
    await page.getByText('没有未处理的异常。').waitFor()
    await page.getByRole('button', { name: '已关闭' }).click()
    await page.getByText(/：银行已更正，系错发$/).waitFor()
  })

  test('is counted in full, and shown page by page: what is settled meanwhile leaves no gap', async () => {
    await raiseNotices(205)
    const page = await office.sit(cast.numberOf('RISK'), '/incidents')
    await page.getByRole('heading', { name: '共 205 项，已显示 200 项' }).waitFor()
    await page.getByRole('button', { name: '再显示一些' }).click()
    await page.getByRole('heading', { name: '共 205 项', exact: true }).waitFor()
    expect(await page.getByRole('button', { name: '再显示一些' }).count()).toBe(0)
    await page.getByRole('button', { name: '处理 银行通知对不上' }).first().click()
    const dialog = page.getByRole('dialog', { name: '处理：银行通知对不上' })
    await dialog.getByLabel('处理结果').fill('银行已更正，系错发')
    await dialog.getByRole('button', { name: '处理' }).click()
    await page.getByRole('heading', { name: '共 204 项', exact: true }).waitFor()
    const shown = await page
      .getByRole('row')
      .filter({ hasText: /LIST-\d{3}/ })
      .allInnerTexts()
    expect(new Set(shown.map((row) => /LIST-\d{3}/.exec(row)?.[0])).size).toBe(204)
    await office.house.owner.updateTable('incident').set({ state: 'CLOSED' }).where('state', '=', 'OPEN').execute()
  })

  async function raiseNotices(count: number): Promise<void> {
    await office.house.owner.transaction().execute(async (tx) => {
      const orgId = await centreOfNobody(tx)
      for (let number = 1; number <= count; number += 1) {
        const reference = `LIST-${String(number).padStart(3, '0')}`
        await raiseIncident(tx, { kind: 'NOTICE_UNMATCHED', caseId: null, orgId, reference, detail: '没有这笔划款' })
      }
    })
  }
})

describe('days', () => {
  test('that the calendar changes move the ends that hang on them; the page shows the day and the case says why', async () => {
    const caseId = await cast.accepted('approved-couple')
    const page = await office.sit(cast.numberOf('PRELIMINARY_REVIEWER'), `/cases/${caseId}`)
    await page.getByText('环节时限至 2025-11-06（工作日）').waitFor()
    await makeRest('2025-11-06')
    // Three working days to review, one of which has become a day of rest.
    await page.getByText('环节时限至 2025-11-07（工作日）').waitFor()
    await page.getByText('工作日历调整（临时放假通知）：“初审”办理时限由2025-11-06改为2025-11-07').waitFor()
    await turnTo(page, '/calendar')
    await page.getByRole('table', { name: '2025年11月' }).getByTitle('2025-11-06 休息日，临时放假').waitFor()
  })

  test('go forward by the bar at the top, and everything that counts them follows', async () => {
    const page = await office.sit(cast.numberOf('PRELIMINARY_REVIEWER'), '/todo')
    await page.getByText('余 3个工作日').first().waitFor()
    await page.getByRole('button', { name: /^营业日期/ }).click()
    await page.getByRole('button', { name: '推进一天' }).click()
    const dialog = page.getByRole('dialog', { name: '推进演示日期' })
    await dialog.getByText('2025-11-04').waitFor()
    await dialog.getByRole('button', { name: '推进' }).click()
    await page.getByText(/^营业日期已推进到 2025-11-04/).waitFor()
    await page.getByRole('button', { name: /^营业日期.*2025-11-04 星期二/ }).waitFor()
    await page.getByText('余 2个工作日').first().waitFor()
  })

  async function makeRest(day: string): Promise<void> {
    const { staff_id, org_id } = await office.house.owner
      .selectFrom('staff')
      .innerJoin('staff_post', 'staff_post.staff_id', 'staff.staff_id')
      .select(['staff.staff_id', 'staff.org_id'])
      .where('post', '=', 'POLICY_ADMIN')
      .executeTakeFirstOrThrow()
    const batch = connect(office.house.database.batchUrl, { max: 1 })
    const by = { staffId: staff_id, orgId: org_id, reason: '临时放假通知' }
    const changed = await batch
      .transaction()
      .execute((tx) => setCalendarDay(tx, { day: plainDate(day), working: false, name: '临时放假' }, by))
    await batch.destroy()
    expect(changed).toHaveProperty('cases')
  }
})

test('and the house is in order', () => office.expectOrder())
