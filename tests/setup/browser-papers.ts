import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { readPdf } from '#activities/papers/pdf-reader.ts'

/** What a paper that lies on the papers' tab prints, read back from the file that the link opens. */
export async function printed(page: Page, paper: string): Promise<{ text: string; invisible: readonly string[] }> {
  const link = page.getByRole('link', { name: `打开${paper}`, exact: true })
  const answer = await page.request.get((await link.getAttribute('href')) ?? '')
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  const { pages, invisible } = readPdf(await answer.body())
  return { text: pages.join('\n').replaceAll(/\s/g, ''), invisible }
}
