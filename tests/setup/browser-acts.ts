import type { Locator, Page } from 'playwright-core'

/** The stamp at the head of a case page, by which an officer sees where it stands. */
export const stamp = (page: Page, stageLabel: string, state = '办理中'): Locator => page.getByText(`${stageLabel}${state}`, { exact: true })

/** A button at the foot of a case page. By its exact name it is one that may be pressed: the others say why not. */
export const actionButton = (page: Page, label: string): Locator =>
  page.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: label, exact: true })

/** Opens the panel of an action, as soon as it is allowed. */
export async function openPanel(page: Page, label: string): Promise<Locator> {
  await actionButton(page, label).click()
  const panel = page.getByRole('dialog', { name: label, exact: true })
  await panel.waitFor()
  return panel
}

/** 确认受理; what is called a confirmation is not confirmed twice. */
export const confirmButton = (panel: Locator, label: string): Locator =>
  panel.getByRole('button', { name: label.startsWith('确认') ? label : `确认${label}`, exact: true })

/** Takes a decision on the case that is open, and stays with it. */
export async function decide(page: Page, label: string, fill?: (panel: Locator) => Promise<void>): Promise<void> {
  const panel = await openPanel(page, label)
  await fill?.(panel)
  await panel.getByRole('checkbox', { name: '办理后打开下一件' }).uncheck()
  await confirmButton(panel, label).click()
  await panel.waitFor({ state: 'hidden' })
}

export const opinion = (panel: Locator): Locator => panel.getByLabel(/^意见/)

/** The number beside an entry of the main menu; nothing is shown where there is nothing to do. */
export async function badge(page: Page, entry: string): Promise<number> {
  const link = page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: new RegExp(`^${entry}(\\s*\\d+件)?$`) })
  // All at once: what has just vanished would be waited for otherwise.
  const [count] = await link
    .first()
    .getByLabel(/^\d+件$/)
    .allInnerTexts()
  return Number(count ?? 0)
}

/** 第 1–7 件，共 7 件 at the foot of a list; an empty list has no foot. */
export async function listTotal(page: Page): Promise<number> {
  const [foot] = await page.getByText(/^第 \d+–\d+ 件，共 [\d,]+ 件$/).allInnerTexts()
  return foot === undefined ? 0 : Number((/共 ([\d,]+) 件/.exec(foot)?.[1] ?? '').replaceAll(',', ''))
}

/**
 * To another address of the console as its links lead there, without loading it anew: comes back when the page of before has gone. What an
 * address alone brings back is the matter of journeys that load it.
 */
export async function turnTo(page: Page, address: string): Promise<void> {
  const stays = new URL(address, page.url()).pathname === new URL(page.url()).pathname
  const heading = page.locator('h1').first()
  const [left, title] = [await heading.elementHandle(), await heading.innerText()]
  await page.evaluate((to) => {
    // As the router itself writes an entry of the history: it can be left by a form that asks first.
    history.pushState({ idx: Number(history.state?.idx ?? 0) + 1 }, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  }, address)
  if (stays) return
  await page.waitForFunction(
    ([was, words]) => {
      const now = document.querySelector('h1')
      return now !== null && (now !== was || now.innerText !== words)
    },
    [left, title] as const,
  )
}

/** Links of the rows of the list on the screen, by case number. */
export const rowLink = (page: Page, caseNumber: string): Locator =>
  page.getByRole('main').getByRole('link', { name: caseNumber, exact: true })
