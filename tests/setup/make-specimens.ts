import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '#tools/chromium.ts'

/**
 * Makes the specimens of `assets/specimens` again from their pages: run by hand when a page has changed (`node tests/setup/make-specimens.ts`),
 * never by the house itself. A page that is a `sheet` becomes a PDF, one that is a `photo` a PNG.
 */
const FOLDER = new URL('../../assets/specimens/', import.meta.url)
const pathOf = (name: string): string => fileURLToPath(new URL(name, FOLDER))

async function make(page: Page, name: string): Promise<string> {
  await page.goto(new URL(name, FOLDER).href, { waitUntil: 'load' })
  await page.evaluate('document.fonts.ready')
  const isSheet = (await page.locator('.sheet').count()) > 0
  const target = name.replace('.html', isSheet ? '.pdf' : '.png')
  if (isSheet) await page.pdf({ path: pathOf(target), preferCSSPageSize: true, printBackground: true })
  else await page.screenshot({ path: pathOf(target) })
  return target
}

const { executablePath, args } = await findChromium(process.env)
const browser = await chromium.launch({ executablePath, args: [...args] })
const page = await browser.newPage({ viewport: { width: 900, height: 620 } })
const made: string[] = []
for (const name of readdirSync(FOLDER).filter((one) => one.endsWith('.html'))) made.push(await make(page, name))
await browser.close()
const digestOf = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(pathOf(name)))
    .digest('hex')
writeFileSync(pathOf('SHA256SUMS'), `${made.map((name) => `${digestOf(name)}  ${name}`).join('\n')}\n`)
