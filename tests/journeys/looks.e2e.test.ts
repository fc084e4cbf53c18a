import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPanel, turnTo } from '../setup/browser-acts.ts'
import { seriousFindings, settle, strayWords, switchTheme } from '../setup/browser-looks.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice()
let cast: LoanCast
let paid: string
let returned: string
beforeAll(async () => {
  cast = new LoanCast(office.house)
  // A case with everything a page can show: verdict, papers, payment, voucher.
  paid = await cast.readyToPay('approved-single')
  await cast.pays(paid)
  await cast.reaches('CASHIER', paid, 'DISBURSED')
  returned = await cast.accepted('approved-couple')
  await cast.decides('PRELIMINARY_REVIEWER', returned, { action: 'return', opinion: '请核对首付款凭证' })
}, 120_000)

/** What each post is shown, by address, or by the key that turns to the next tab of a case; together every page of the console. */
const WALKS: readonly { readonly post: string; readonly pages: () => readonly string[] }[] = [
  {
    post: 'INTAKE',
    pages: () => [
      ...['/', '/todo', '/done', '/started', '/copied', '/cases', '/payments'].map((list) => `${list}?perPage=5`),
      ...['/loan/create', `/loan/${returned}/amend`, '/nowhere'],
    ],
  },
  {
    post: 'CASHIER',
    pages: () => [`/cases/${paid}`, ...['2', '3', '4', '5', '6', '7'], '/payments', '/balances', '/calendar'],
  },
  { post: 'SYS_ADMIN', pages: () => ['/', '/staff', '/incidents'] },
]

describe.each(WALKS)('the pages of $post', ({ post, pages }) => {
  test('are without a serious barrier in either theme, and in Chinese', async () => {
    const [first = '/', ...others] = pages()
    const page = await office.sit(cast.numberOf(post), first)
    const found: Record<string, readonly string[]> = {}
    const called = (place: string): string => `${post} ${place.replace(paid, 'paid').replace(returned, 'returned')}`
    // Bar and menu are the same around every page of a person, and are examined with the first.
    await examine(page, called(first), found, 'html')
    for (const place of others) {
      await (place.startsWith('/') ? turnTo(page, place) : page.keyboard.press(place))
      await examine(page, called(place), found, 'main')
    }
    expect(found).toEqual({})
  })
})

test('so are the log-in page, the panels, the palette and the help over a page', async () => {
  const found: Record<string, readonly string[]> = {}
  const stranger = await office.desk()
  await stranger.goto('/login')
  await stranger.getByRole('heading', { name: '演示城市的人员' }).waitFor()
  note(found, 'log-in', [...(await seriousFindings(stranger)), ...(await strayWords(stranger))])

  const [waiting] = (await (await cast.person('APPROVER')).get<{ rows: { id: string }[] }>('/api/tasks/todo')).rows
  const approver = await office.sit(cast.numberOf('APPROVER'), `/cases/${waiting?.id ?? ''}`)
  for (const action of ['准予贷款', '不准予贷款', '退回']) {
    const allowed = approver.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: action, exact: true })
    await approver.getByRole('region', { name: '办理', exact: true }).waitFor()
    if ((await allowed.count()) === 0) continue
    const panel = await openPanel(approver, action)
    await examine(approver, action, found, 'html')
    await panel.getByRole('button', { name: '取消' }).click()
  }
  for (const [key, name] of [
    ['Control+k', '查找案件或页面'],
    ['?', '键盘操作'],
  ] as const) {
    await approver.keyboard.press(key)
    await approver.getByRole('dialog', { name }).waitFor()
    await settle(approver)
    note(found, name, [...(await seriousFindings(approver)), ...(await strayWords(approver))])
    await approver.keyboard.press('Escape')
    await approver.getByRole('dialog', { name }).waitFor({ state: 'detached' })
  }
  expect(found).toEqual({})
})

test('the examination sees what it is for: a button without a name, grey on grey, a word of English, a raw key', async () => {
  const page = await office.desk()
  await page.setContent(`<html lang="zh"><body><h1>页面</h1><button></button><p style="color:#ccc;background:#fff">看不清</p>
    <p>Submit</p><p>ra.action.save</p><p>案号 A0026，PDF</p></body></html>`)
  expect((await seriousFindings(page)).map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['button-name', 'color-contrast']))
  expect(await strayWords(page)).toEqual(['Submit', 'ra.action.save'])
})

test('bar, menu and page are landmarks beside one another', async () => {
  const page = await office.sit(cast.numberOf('INTAKE'))
  // Nothing has had the focus yet.
  await page.reload()
  await page.getByRole('heading', { level: 1, name: '工作台' }).waitFor()
  const count = (role: 'banner' | 'navigation' | 'main', within = page.locator('body')): Promise<number> => within.getByRole(role).count()
  expect([await count('banner'), await count('navigation'), await count('main')]).toEqual([1, 1, 1])
  expect(await page.getByRole('main').getByRole('navigation', { name: '主菜单' }).count()).toBe(0)
  // The first stop of Tab leads past the menu.
  await page.evaluate('document.activeElement.blur()')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(`document.querySelector('main').contains(document.activeElement)`)).toBe(true)
})

test('a page of another post says 403 and an unknown one 404, each with a way back', async () => {
  const page = await office.sit(cast.numberOf('PRELIMINARY_REVIEWER'))
  const said: string[] = []
  for (const address of ['/payments', '/incidents', '/nowhere', `/cases/${crypto.randomUUID()}`]) {
    await page.goto(address)
    await page.getByRole('link', { name: '回到工作台' }).waitFor()
    said.push(await page.getByText(/^40\d$/).innerText())
  }
  expect(said).toEqual(['403', '403', '404', '404'])
  await page.getByRole('link', { name: '回到工作台' }).click()
  await page.getByRole('heading', { level: 1, name: '工作台' }).waitFor()
})

test('and the house is in order', () => office.expectOrder())

/** Both themes; the page is left in the other one, in which the next is opened. */
async function examine(page: Page, name: string, found: Record<string, readonly string[]>, around: 'html' | 'main'): Promise<void> {
  await settle(page)
  // Of a case only the first tab is examined with what stands around it.
  const within = page.url().includes('?tab=') ? '[role="tabpanel"]' : around
  note(found, name, [...(await seriousFindings(page, { within })), ...(await strayWords(page))])
  await switchTheme(page)
  await settle(page)
  note(found, `${name}, other theme`, await seriousFindings(page, { within, coloursOnly: true }))
}

function note(found: Record<string, readonly string[]>, name: string, findings: readonly string[]): void {
  if (findings.length > 0) found[name] = findings
}
