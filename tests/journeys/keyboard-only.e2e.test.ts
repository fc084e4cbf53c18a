import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { actionButton, confirmButton, opinion, rowLink, stamp } from '../setup/browser-acts.ts'
import { Keyboard } from '../setup/browser-keys.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })

/** A picture of one pixel: enough of a document to be looked at and ticked. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let cast: LoanCast
let page: Page
let keys: Keyboard
const asked: string[] = []

beforeAll(async () => {
  cast = new LoanCast(office.house)
  for (const story of ['approved-single', 'approved-couple', 'approved-price-differs']) {
    const caseId = await cast.submit(story)
    const documentId = await attachDocument(caseId)
    await cast.bringsMaterials(caseId)
    await cast.decides('INTAKE', caseId, { action: 'accept' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    // To be ticked once the original has been seen.
    const doubt = { state: 'MISMATCH', remark: '待看原件' }
    await (await cast.person('PRELIMINARY_REVIEWER')).command('POST', `/api/documents/${documentId}/check`, doubt)
  }
  page = await office.desk()
  keys = await Keyboard.only(page)
  page.on('request', (request) => asked.push(request.url()))
}, 60_000)

describe('a day of the preliminary reviewer without a mouse', () => {
  test('logs in by typing; the mouse is really off', async () => {
    await page.goto('/login')
    await page.getByRole('heading', { name: '演示城市的人员' }).waitFor()
    // The number is where the writing begins.
    await keys.type(cast.numberOf('PRELIMINARY_REVIEWER'))
    await keys.press('Tab')
    await keys.type(office.house.logins.password)
    await keys.press('Enter')
    await page.getByRole('heading', { level: 1, name: '工作台' }).waitFor()
    await page.mouse.click(600, 25)
    await page.mouse.click(100, 135)
    expect([new URL(page.url()).pathname, await page.getByRole('dialog').count()]).toEqual(['/', 0])
  })

  test('? explains the keys', async () => {
    await keys.press('?')
    await page.getByRole('dialog', { name: '键盘操作' }).waitFor()
    await keys.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('a dialog that is only fading out takes no more keys', async () => {
    await keys.press('?')
    await page.getByRole('dialog', { name: '键盘操作' }).waitFor()
    await keys.press('Escape', 'g', 'd')
    await page.waitForURL('**/done')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // One that stands before the page does.
    await keys.press('?')
    await page.getByRole('dialog', { name: '键盘操作' }).waitFor()
    await keys.press('g', 't')
    await keys.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/done')
  })

  test('half-typed pinyin in the palette looks nothing up, and its Enter opens nothing', async () => {
    await keys.press('Control+k')
    const palette = page.getByRole('dialog', { name: '查找案件或页面' })
    await palette.getByRole('combobox').waitFor()
    const all = await palette.getByRole('option').count()
    expect(all).toBeGreaterThan(5)
    const before = asked.length
    await keys.compose('daiban')
    await keys.enterInComposition()
    // Longer than the palette waits before it asks.
    await page.waitForTimeout(600)
    expect(await palette.getByRole('combobox').inputValue()).toBe('daiban')
    expect([await palette.getByRole('option').count(), asked.slice(before).filter((url) => url.includes('/search'))]).toEqual([all, []])
    await keys.commit('已办')
    await expect.poll(() => palette.getByRole('option').count(), { timeout: 5_000 }).toBe(1)
    await keys.press('Enter')
    await page.waitForURL('**/done')
    await palette.waitFor({ state: 'detached' })
  })

  test('the query form asks nothing for a half-typed name', async () => {
    await keys.press('g', 't')
    await page.waitForURL('**/todo')
    await page.getByText('共 3 件').waitFor()
    await keys.tabTo(page.getByLabel('案号、姓名、证件号后四位'))
    const before = asked.length
    await keys.compose('zhou')
    await keys.enterInComposition()
    expect([page.url().includes('filter='), asked.slice(before).filter((url) => url.includes('/tasks/'))]).toEqual([false, []])
    await keys.commit('周景行')
    await keys.press('Enter')
    await page.getByText('共 1 件').waitFor()
    // A name stands in no address: not in the browser's, nor in one that was asked.
    expect([page.url(), ...asked].map(decodeURIComponent).filter((url) => url.includes('周景行'))).toEqual([])
    await page.reload()
    await page.getByText('共 1 件').waitFor()
    await keys.tabTo(page.getByRole('button', { name: '重置' }))
    await keys.press('Enter')
    await page.getByText('共 3 件').waitFor()
    // Writing is over; keys are the page's again.
    await keys.press('g', 't')
  })

  test('j and k walk the list, Enter opens the case, figures turn its tabs', async () => {
    const links = page.locator('[data-case-link]')
    await links.nth(2).waitFor()
    const numbers = await links.allInnerTexts()
    const walked: string[] = []
    for (const key of ['j', 'j', 'j', 'k', 'k']) {
      await keys.press(key)
      walked.push(await keys.focused())
    }
    expect(walked).toEqual([0, 1, 2, 1, 0].map((at) => numbers[at]))
    await keys.press('Enter')
    await page.getByRole('heading', { level: 1, name: numbers[0] ?? '' }).waitFor()
    await stamp(page, '初审').waitFor()
    const tabs = await page.getByRole('tab').allInnerTexts()
    expect(tabs.length).toBe(7)
    for (const [index, label] of tabs.entries()) {
      await keys.press(String(index + 1))
      await page.getByRole('tab', { name: label, selected: true, exact: true }).waitFor()
    }
  })

  test('a document is ticked by keyboard', async () => {
    await keys.press('3')
    await keys.tabTo(page.getByRole('button', { name: /：已核$/ }).first())
    await keys.press('Enter')
    await page.getByRole('button', { name: '身份证明：已核', pressed: true }).waitFor()
  })

  test('no single key decides', async () => {
    const here = page.url().split('?')[0]
    const before = await decisions()
    for (const key of [...'abcdefghijklmnopqrstuvwxyz0123456789', 'Enter', 'Space', 'Delete', 'Backspace']) {
      await page.evaluate('document.activeElement.blur()')
      await keys.press(key, 'Escape')
    }
    // Whatever the last of them may have sent would have arrived by now.
    await page.waitForTimeout(500)
    expect(page.url().split('?')[0]).toBe(here)
    expect(await decisions()).toEqual(before)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('the opinion is written with an input method; only Ctrl+Enter outside a composition decides, and the next case opens', async () => {
    const caseId = caseOnScreen()
    const before = await decisions()
    await keys.press('a')
    const panel = page.getByRole('dialog', { name: '初审通过', exact: true })
    await panel.waitFor()
    await keys.compose('cailiao')
    await keys.enterInComposition()
    await keys.enterInComposition({ control: true })
    await keys.commit('材料')
    await keys.press('Enter')
    await keys.type('qiquan')
    expect(await opinion(panel).inputValue()).toBe('材料\nqiquan')
    await page.waitForTimeout(500)
    expect(await decisions()).toEqual(before)

    await keys.press('Control+Enter')
    await page.waitForURL((url) => url.pathname.startsWith('/cases/') && !url.pathname.endsWith(caseId))
    expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).case.stage).toBe('REVIEW')
    expect(await decisions()).toHaveLength(before.length + 1)
    await stamp(page, '初审').waitFor()
  })

  test('the next case is returned by way of Tab, and the list is one key away', async () => {
    const caseId = caseOnScreen()
    await keys.tabTo(actionButton(page, '退回'))
    await keys.press('Enter')
    const panel = page.getByRole('dialog', { name: '退回', exact: true })
    await panel.waitFor()
    await keys.commit('请核对首付款凭证')
    await keys.tabTo(confirmButton(panel, '退回'))
    await keys.press('Enter')
    await page.waitForURL((url) => !url.pathname.endsWith(caseId))
    expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).case.stage).toBe('RETURNED')
    const { caseNumber } = (await cast.see('PRELIMINARY_REVIEWER', caseOnScreen())).case
    await keys.press('g', 't')
    await rowLink(page, caseNumber).waitFor()
    await page.getByText('共 1 件').waitFor()
  })

  test('and the house is in order', () => office.expectOrder())
})

const caseOnScreen = (): string => /\/cases\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''

/** Every decision of a person that the record knows. */
const decisions = (): Promise<unknown[]> =>
  office.house.owner.selectFrom('decision').select(['case_id', 'seq']).where('actor_id', 'is not', null).orderBy('case_id').orderBy('seq').execute()

/** A scan of the first material that a loan needs, handed in at the counter. */
async function attachDocument(caseId: string): Promise<string> {
  const clerk = await cast.person('INTAKE')
  const { materials } = await clerk.get<{ materials: { code: string }[] }>('/api/loans/reference')
  const form = new FormData()
  form.append('material', materials[0]?.code ?? '')
  form.append('file', new File([Buffer.from(PIXEL, 'base64')], '身份证.png', { type: 'image/png' }))
  const headers = { Cookie: clerk.cookieHeader, Origin: clerk.origin, 'X-Anju': '1', 'Idempotency-Key': `"${crypto.randomUUID()}"` }
  const answer = await fetch(`${clerk.origin}/api/cases/${caseId}/documents`, { method: 'POST', headers, body: form })
  const text = await answer.text()
  expect(answer.status, text).toBeLessThan(300)
  return (JSON.parse(text) as { documentId: string }).documentId
}
