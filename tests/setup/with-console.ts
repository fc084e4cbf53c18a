import type { TestProject } from 'vitest/node'
import { consoleFolder, ensureConsole } from '../../bin/launcher/console.ts'
import { findChromium } from '../../tools/chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built console lies, as newcomers and journeys get it. */
    consoleFolder: string
  }
}

/**
 * Builds the console as `npm start` would, once per run and only when its sources are newer. The browser that npm delivers is unpacked before
 * several journeys look for it: one that finds it half written cannot run it. That there is none is said by each journey.
 */
export async function setup(project: TestProject): Promise<void> {
  await findChromium(process.env).catch(() => undefined)
  await ensureConsole(console.log, new AbortController().signal)
  project.provide('consoleFolder', consoleFolder)
}
