import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core'
import driver from 'playwright-core/package.json' with { type: 'json' }
import { findChromium } from '../../tools/chromium.ts'

const HINT = '浏览器旅程需要 Chromium：apt-get install chromium，或以环境变量 CHROMIUM 指明其路径。旅程不会因此跳过'

/**
 * What the packaged browser asks for where memory is scarce. Here it would lift the very rules that the console must keep (same origin,
 * content policy), and end the whole browser with the first profile that is closed.
 */
const UNWANTED = ['--single-process', '--disable-web-security', '--allow-running-insecure-content', '--disable-site-isolation-trials']

/** A graphics card counterfeited by the processor: the pages look the same without, at half the work. */
const COUNTERFEIT_GPU = [
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]

/** Launch options for `chromium.launch()` of playwright-core. @throws Error with the way to a browser when there is none */
export async function browserOptions(): Promise<LaunchOptions> {
  const { executablePath, args } = await findChromium(process.env).catch(withHint)
  const kept = args.filter((arg) => ![...UNWANTED, ...COUNTERFEIT_GPU].includes(arg))
  return { executablePath, args: [...kept, '--disable-gpu'], headless: true }
}

/** The browser of a journey. Says first which versions meet: the driver promises nothing for a browser other than its own. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch(await browserOptions()).catch(withHint)
  console.log(`chromium ${browser.version()}, playwright ${driver.version}`)
  return browser
}

/** A desk of one person: a profile of its own, as wide as those of the counters, where nothing moves for the eye. */
export async function newDesk(browser: Browser, origin: string): Promise<BrowserContext> {
  const viewport = { width: 1440, height: 900 }
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(30_000)
  return context
}

/** Without a browser the journeys fail; they are never skipped. */
function withHint(cause: unknown): never {
  throw new Error(HINT, { cause })
}
