import axe, { type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Waits until a page has been read and nothing moves any more. */
export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await expect.poll(() => page.getByText(/^正在(读取|核算|核对|查找)/).count(), { timeout: 15_000 }).toBe(0)
  await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => undefined)')
}

/** What a theme can change: everything else is the same page in other colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** As axe tells what it found, without what is in order. */
interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[]
}

/** Serious and critical findings of axe within a part of the page (all of it, unless said), one line each. */
export async function seriousFindings(page: Page, { within = 'html', coloursOnly = false } = {}): Promise<string[]> {
  // It takes longer to be read than to look a page over: once is enough for as long as the page is not loaded anew.
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe.source)
  const options: RunOptions = { resultTypes: ['violations'], ...(coloursOnly ? { runOnly: { type: 'rule', values: COLOUR_RULES } } : {}) }
  const violations = await page.evaluate<readonly Finding[]>(
    `axe.run(${JSON.stringify(within)}, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${summary(failureSummary)}`),
    )
}

const summary = (text = ''): string => text.split('\n').slice(1, 3).join(' ').trim()

/** Words in Latin letters that a Chinese page may show: names of formats and keys, which have no Chinese ones. */
const ALLOWED = ['PDF', 'SHA', 'KB', 'MB', 'Ctrl', 'Enter', 'Esc', 'Chrome', 'Edge', 'PNG', 'JPEG', 'WebP', 'WQ', 'JK', 'DY', 'GB']

/** Everything that is read on a page or read aloud from it: text, labels, titles, hints, and the title of the tab. */
const EVERY_WORD = `[document.title, document.body.innerText,
  ...[...document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')].flatMap((node) =>
    ['aria-label', 'title', 'placeholder', 'alt'].map((name) => node.getAttribute(name) ?? ''))].join('\\n')`

/** Latin words that should be Chinese; a raw translation key is one as well. What contains a figure is somebody's number, and an ending
 * belongs to the name of somebody's file. */
export async function strayWords(page: Page): Promise<string[]> {
  const text = await page.evaluate<string>(EVERY_WORD)
  const words = text.replaceAll(/[\w.@/#:-]*\d[\w.@/#:-]*|\.(pdf|png|jpg|webp)\b/g, ' ').match(/[A-Za-z][A-Za-z._]+/g) ?? []
  return [...new Set(words)].filter((word) => !ALLOWED.includes(word))
}

export async function switchTheme(page: Page): Promise<void> {
  await page.getByRole('button', { name: '切换浅色或深色' }).click()
}
