import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { actionButton, badge, listTotal, rowLink, turnTo } from '../setup/browser-acts.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })
type Person = (typeof office.house.logins.people)[number]

describe('work that goes from hand to hand', () => {
  let cast: LoanCast
  let caseId: string
  let caseNumber: string
  let one: Page
  let other: Page
  let mine: Person
  let colleague: Person
  beforeAll(async () => {
    cast = new LoanCast(office.house)
    const [first, second] = office.house.logins.people.filter(
      ({ posts, orgName }) => posts.includes('PRELIMINARY_REVIEWER') && orgName === cast.branch,
    )
    if (!first || !second) throw new Error('the main branch has two preliminary reviewers')
    ;[mine, colleague] = [first, second]
    caseId = await cast.accepted('approved-single')
    caseNumber = (await cast.see('PRELIMINARY_REVIEWER', caseId)).case.caseNumber
    one = await office.sit(mine.staffNumber)
    other = await office.sit(colleague.staffNumber)
  }, 90_000)

  test('a case is claimed, given back and claimed again from the list', async () => {
    await turnTo(one, '/todo')
    await rowLink(one, caseNumber).waitFor()
    await one.getByRole('button', { name: `认领 ${caseNumber}` }).click()
    await one.getByRole('button', { name: `释放 ${caseNumber}` }).click()
    await one.getByRole('button', { name: `认领 ${caseNumber}` }).click()
    await one.getByRole('button', { name: `释放 ${caseNumber}` }).waitFor()
  })

  test('a colleague sees who has it, and takes it over only with a reason, which stands on the case', async () => {
    await turnTo(other, '/todo')
    await other.getByRole('row').filter({ hasText: caseNumber }).getByText(mine.name, { exact: true }).waitFor()
    await other.getByRole('button', { name: `接手 ${caseNumber}` }).click()
    const dialog = other.getByRole('dialog', { name: `接手 ${caseNumber}` })
    expect(await dialog.getByRole('button', { name: '接手' }).isDisabled()).toBe(true)
    await dialog.getByLabel('理由').fill('原办理人外出培训')
    await dialog.getByRole('button', { name: '接手' }).click()
    await other.getByRole('button', { name: `释放 ${caseNumber}` }).waitFor()
    await turnTo(other, `/cases/${caseId}`)
    await entry(other, `接手自${mine.name}：原办理人外出培训`)
      .getByText(/^2025-11-03 /)
      .waitFor()
    // What can be done from the list can be done from the case; not from its print.
    const giveBack = other.getByRole('button', { name: `释放 ${caseNumber}` })
    await giveBack.waitFor()
    await other.emulateMedia({ media: 'print' })
    expect(await giveBack.count()).toBe(0)
    await other.emulateMedia({ media: null })
    await other.getByRole('tab', { name: '留痕' }).click()
    await other.getByRole('cell', { name: '接手', exact: true }).waitFor()
  })

  test('whoever waits for it urges, and the reminder stands on the business day it was given', async () => {
    const clerk = await office.sit(cast.numberOf('INTAKE'), `/cases/${caseId}`)
    await side(clerk, '催办').click()
    const dialog = clerk.getByRole('dialog', { name: '催办' })
    await dialog.getByRole('textbox', { name: '催办' }).fill('申请人定于周五签约，请尽快审核')
    await dialog.getByRole('button', { name: '确定' }).click()
    await entry(other, '申请人定于周五签约，请尽快审核')
      .getByText(/^2025-11-03 /)
      .waitFor()
  })

  test('a copy reaches a colleague’s own list with its remark, and gives no right to act', async () => {
    const [reviewer] = office.house.logins.people.filter(({ staffNumber }) => staffNumber === cast.numberOf('REVIEWER'))
    await side(other, '抄送').click()
    const dialog = other.getByRole('dialog', { name: '抄送' })
    await dialog.getByLabel('抄送给').fill(reviewer?.name ?? '')
    await other.getByRole('option', { name: new RegExp(`^${reviewer?.name ?? ''}（`) }).click()
    await dialog.getByLabel('说明（可不填）').fill('请预先了解')
    await dialog.getByRole('button', { name: '抄送' }).click()
    await other.getByText('已抄送 1 人').waitFor()
    const page = await office.sit(cast.numberOf('REVIEWER'))
    const unread = page.getByRole('link', { name: /^抄送\s*1件$/ })
    // The number is the total of what it leads to, though the list of copies holds those that have been read as well.
    await unread.click()
    await page.getByRole('checkbox', { name: '只看未阅', checked: true }).waitFor()
    await rowLink(page, caseNumber).waitFor()
    expect([await badge(page, '抄送'), await listTotal(page)]).toEqual([1, 1])
    await rowLink(page, caseNumber).click()
    await entry(page, `抄送${reviewer?.name ?? ''}：请预先了解`).waitFor()
    // It has been read by being opened; whoever has the case sees that it was copied.
    await page.getByRole('link', { name: '抄送', exact: true }).waitFor()
    expect(await unread.count()).toBe(0)
    await entry(other, `抄送${reviewer?.name ?? ''}：请预先了解`).waitFor()
    const barred = page.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: /^初审通过\s*，不能办理：/ })
    expect(await barred.getAttribute('aria-disabled')).toBe('true')
  })

  test('a leaver hands over what they have claimed; the colleague finds it as their own, and the case says from whom', async () => {
    await turnTo(other, '/staff')
    await other.getByRole('button', { name: '移交待办' }).click()
    const dialog = other.getByRole('dialog', { name: '移交待办' })
    await dialog.getByLabel('接收人').fill(mine.name)
    await other.getByRole('option', { name: new RegExp(`^${mine.name}（`) }).click()
    await dialog.getByLabel('理由').fill('调离本岗位')
    await dialog.getByRole('button', { name: '移交', exact: true }).click()
    await other.getByText('已移交 1 件').waitFor()
    await turnTo(one, `/cases/${caseId}`)
    await entry(one, `移交自${colleague.name}：调离本岗位`).waitFor()
    await one.getByText(`认领人 ${mine.name}`).waitFor()
    await actionButton(one, '初审通过').waitFor()
  })

  test('a post is delegated for a span of days, and the delegate holds it at once on the principal’s behalf', async () => {
    await turnTo(one, '/staff')
    await one.getByRole('button', { name: '委托代理' }).click()
    const dialog = one.getByRole('dialog', { name: '委托代理' })
    // Writing begins where the dialog begins.
    await dialog.getByLabel('代理人').and(one.locator(':focus')).waitFor()
    await dialog.getByLabel('代理人').fill(colleague.name)
    await one.getByRole('option', { name: new RegExp(`^${colleague.name}（`) }).click()
    expect(await dialog.getByLabel('自').inputValue()).toBe('2025-11-03')
    // The end before the beginning closes the button.
    await dialog.getByLabel('至').fill('2025-11-02')
    await expect.poll(() => dialog.getByRole('button', { name: '委托', exact: true }).isDisabled()).toBe(true)
    await dialog.getByLabel('至').fill('2025-11-14')
    await dialog.getByRole('button', { name: '委托', exact: true }).click()
    await one.getByText(`已委托${colleague.name}代理初审岗，2025-11-03 至 2025-11-14`).waitFor()
    const { posts } = (await (await other.request.get('/api/session')).json()) as { posts: { post: string; delegatedBy: string | null }[] }
    expect(posts).toContainEqual(expect.objectContaining({ post: 'PRELIMINARY_REVIEWER', delegatedBy: mine.name }))
  })

  test('the delegate is named as such beside their own post; the principal sees the delegation and revokes it, and it is over', async () => {
    await other.reload()
    await other.getByRole('button', { name: `初审岗、初审岗（代${mine.name}）` }).waitFor()
    await one.getByRole('button', { name: '委托代理' }).click()
    const given = one.getByRole('list', { name: '现有委托' }).getByRole('listitem')
    await given
      .filter({ hasText: `委托${colleague.name}代理初审岗` })
      .filter({ hasText: '生效中' })
      .waitFor()
    await given.getByRole('button', { name: '撤销' }).click()
    await given.getByRole('button', { name: '确认撤销' }).click()
    await one.getByText('没有现行或将要开始的委托。').waitFor()
    const { posts } = (await (await other.request.get('/api/session')).json()) as { posts: { delegatedBy: string | null }[] }
    expect(posts.filter(({ delegatedBy }) => delegatedBy !== null)).toEqual([])
  })

  test('and leaves the house in order', () => office.expectOrder())

  const side = (page: Page, label: string): Locator =>
    page.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: label, exact: true })
  /** An entry of the timeline by its words. */
  const entry = (page: Page, words: string): Locator => page.getByRole('listitem').filter({ hasText: words })
})
