import { execFile } from 'node:child_process'
import { join } from 'node:path'

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/**
 * For tests only: runs a command of `anju` as a process of its own, the way people do.
 * @param env what the process knows of the world; what this one knows, where nothing else is said. What is compiled already it knows always
 */
export const runCommand = (name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> =>
  new Promise((resolve) => {
    const entry = join(import.meta.dirname, 'anju.ts')
    const known = { ...env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }
    execFile(process.execPath, [entry, name, ...args], { maxBuffer: 8 * 1024 * 1024, env: known }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, out, err })
    })
  })
