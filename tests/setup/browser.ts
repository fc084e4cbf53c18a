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

let running: Promise<Browser> | undefined

/**
 * The browser of this process, in which files of journeys follow one another; it ends with the process. Says first which versions meet: the
 * driver promises nothing for a browser other than its own.
 */
async function browserOfProcess(): Promise<Browser> {
  const earlier = await running?.catch(() => undefined)
  if (earlier?.isConnected()) return earlier
  running = browserOptions().then((options) => chromium.launch(options).catch(withHint))
  const browser = await running
  console.log(`chromium ${browser.version()}, playwright ${driver.version}`)
  return browser
}

/** A desk of one person: a profile of its own, as wide as those of the counters, where nothing moves for the eye. */
export async function newDesk(origin: string): Promise<BrowserContext> {
  const browser = await browserOfProcess()
  const viewport = { width: 1440, height: 900 }
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(30_000)
  desks.add(context)
  return context
}

const desks = new Set<BrowserContext>()

/** Closes every desk there is: call at the end of the file, whose own they all are. */
export async function closeDesks(): Promise<void> {
  const open = [...desks]
  desks.clear()
  await Promise.all(open.map((desk) => desk.close()))
}

/** Without a browser the journeys fail; they are never skipped. */
function withHint(cause: unknown): never {
  throw new Error(HINT, { cause })
}
