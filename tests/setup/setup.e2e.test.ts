import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { browserOptions } from './browser.ts'

test('a browser opens a page in Chinese', async () => {
  const browser = await chromium.launch(await browserOptions())
  try {
    const page = await browser.newPage()
    await page.setContent('<h1>住房公积金</h1>')
    expect(await page.getByRole('heading').innerText()).toBe('住房公积金')
  } finally {
    await browser.close()
  }
})
