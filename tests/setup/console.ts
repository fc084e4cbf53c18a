import type { TestProject } from 'vitest/node'
import { consoleFolder, ensureConsole } from '../../bin/launcher/console.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built console lies, as newcomers and journeys get it. */
    consoleFolder: string
  }
}

/** Builds the console as `npm start` would, once per run and only when its sources are newer. */
export async function setup(project: TestProject): Promise<void> {
  await ensureConsole(console.log, new AbortController().signal)
  project.provide('consoleFolder', consoleFolder)
}
