import { accessSync, constants } from 'node:fs'
import { findOnPath } from './folders.ts'

export interface Chromium {
  readonly executablePath: string
  readonly args: readonly string[]
  readonly from: 'CHROMIUM' | 'system' | 'package'
}

/** A browser that has no user to protect: the pages are ours, and root may not use the sandbox. */
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']

/**
 * The browser for journeys: `$CHROMIUM`, else the system's, else the one that npm delivers (unpacked on first use).
 * @throws Error when `$CHROMIUM` cannot be run, or there is none at all
 */
export async function findChromium(env: NodeJS.ProcessEnv): Promise<Chromium> {
  const chosen = env['CHROMIUM']
  if (chosen) {
    accessSync(chosen, constants.X_OK)
    return { executablePath: chosen, args: ARGS, from: 'CHROMIUM' }
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
  const system = names.map((name) => findOnPath(name, env)).find((path) => path !== undefined)
  if (system) return { executablePath: system, args: ARGS, from: 'system' }
  const { default: packaged } = await import('@sparticuz/chromium')
  return { executablePath: await packaged.executablePath(), args: packaged.args, from: 'package' }
}
