import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PortConfig } from '#activities/ports/call.ts'
import { newCounterpartKeys, privateKeyText, publicKeyText, readPrivateKey, readPublicKeys } from '#activities/ports/keys.ts'
import type { Counterpart } from '#contracts/machine/message.ts'
import { sandboxPaths, sandboxPayments, type SandboxLoad, type SandboxScript } from '#contracts/machine/sandbox.ts'
import { nowMs } from './clock.ts'

/** The sandbox as a process of its own, for tests: the real program on a real database, reached by real ports. */
export interface SpawnedSandbox {
  readonly origin: string
  readonly pid: number
  /** A port to one of its counterparts. */
  portTo(counterpart: Counterpart, timeoutMs?: number): PortConfig
  load(world: Partial<SandboxLoad>): Promise<void>
  script(script: SandboxScript): Promise<void>
  /** All of them, or those of one operation: what else the house is asking meanwhile goes on as it was. */
  clearScripts(operation?: string): Promise<void>
  release(serial: string, bookedOn?: string): Promise<void>
  payments(): Promise<ReturnType<typeof sandboxPayments.parse>['payments']>
  /** Ends it, by default as power failure would. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** Keys of both sides, so that a sandbox that was killed comes back as the same house. */
export interface MachineKeys {
  readonly centre: string
  readonly counterparts: ReturnType<typeof newCounterpartKeys>
}

/** Fresh private keys for signed messages: the house’s, and one for each counterpart. */
export const newMachineKeys = (): MachineKeys => ({
  centre: privateKeyText(generateKeyPairSync('ed25519').privateKey),
  counterparts: newCounterpartKeys(),
})

/** Starts `bin/sandbox.ts` on a free port and waits until it is ready. @throws Error with its last words when it is not. */
export async function spawnSandbox(databaseUrl: string, keys: MachineKeys, apiUrl?: string): Promise<SpawnedSandbox> {
  const centreKey = readPrivateKey(keys.centre)
  // Of this version of Node; what was named is the folder above.
  const compiled = getCompileCacheDir()
  const child = spawn(process.execPath, [fileURLToPath(new URL('../bin/sandbox.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...(compiled && { NODE_COMPILE_CACHE: dirname(compiled) }),
      SANDBOX_DATABASE_URL: databaseUrl,
      SANDBOX_KEYS: keys.counterparts.privateKeys,
      MACHINE_PUBLIC_KEY: publicKeyText(centreKey),
      ...(apiUrl === undefined ? {} : { ANJU_API_URL: apiUrl }),
    },
  })
  const port = await readyPort(child)
  const origin = `http://127.0.0.1:${port}`
  const peers = readPublicKeys(keys.counterparts.publicKeys)
  return {
    origin,
    pid: child.pid ?? 0,
    portTo: (counterpart, timeoutMs = 5_000) => ({
      baseUrl: `${origin}/${counterpart}`,
      key: { keyId: 'anju', privateKey: centreKey },
      peerKeyId: counterpart,
      peerKey: peers[counterpart],
      timeoutMs,
      nowMs,
    }),
    load: (world) => send(origin, 'POST', sandboxPaths.load, world),
    script: (script) => send(origin, 'POST', sandboxPaths.scripts, script),
    clearScripts: (operation) =>
      send(origin, 'DELETE', operation ? `${sandboxPaths.scripts}?operation=${encodeURIComponent(operation)}` : sandboxPaths.scripts),
    release: (serial, bookedOn) => send(origin, 'POST', sandboxPaths.release, { serial, bookedOn }),
    payments: async () => sandboxPayments.parse(await (await fetch(origin + sandboxPaths.payments)).json()).payments,
    kill: (signal = 'SIGKILL') => end(child, signal),
  }
}

async function readyPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('sandbox has no output')
  for await (const line of createInterface(child.stdout)) {
    const ready = /^ready \{"port":(\d+)\}$/.exec(line)
    if (ready) return Number(ready[1])
  }
  throw new Error('sandbox ended before it was ready')
}

async function send(origin: string, method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(origin + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}
