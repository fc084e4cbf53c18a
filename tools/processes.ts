import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process we started or found: a pid alone is reused by the system, a pid with its start time is not. */
export interface ProcessId {
  readonly pid: number
  readonly startTime: string
}

export interface Running extends ProcessId {
  readonly process: ChildProcess
  readonly exited: Promise<void>
}

export interface Start {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Run as this user; only root may ask. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Both streams are appended here. A file, not a pipe: a child must outlive the death of its parent without a broken pipe. */
  readonly logFile: string
}

/** What any program may know of the machine; everything else in the environment of whoever starts it, secrets above all, stays behind. */
export function ordinaryEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'NODE_OPTIONS', 'NODE_COMPILE_CACHE', 'NODE_EXTRA_CA_CERTS', 'NO_COLOR']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** Starts a process in its own process group, so that a Ctrl-C at the terminal reaches us first and we decide the order. */
export async function startProcess({ command, args, cwd, env, user, logFile }: Start): Promise<Running> {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['ignore', log, log] })
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    return { process: child, pid, startTime: processStartTime(pid) ?? '', exited }
  } finally {
    closeSync(log)
  }
}

/** When the process began, as the system tells it; undefined when there is no such process or it is a zombie. */
export function processStartTime(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Whether this very process still runs: its number may have been given to another since. */
export const isRunning = ({ pid, startTime }: ProcessId): boolean => startTime !== '' && processStartTime(pid) === startTime

/** Processes whose working folder is this one or below it; only those we may look at. Without `/proc`, none are found. */
export function processesIn(folder: string): ProcessId[] {
  if (!existsSync('/proc/self/cwd')) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).flatMap((pid) => {
    const startTime = processStartTime(pid)
    const cwd = workingFolder(pid)
    return startTime && (cwd === folder || cwd?.startsWith(`${folder}/`)) ? [{ pid, startTime }] : []
  })
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/**
 * Ends a process: the signals in their order, each given its time, then SIGKILL to the whole group.
 * Returns the signal that was enough; undefined when it was gone already.
 */
export async function endProcess(
  id: ProcessId,
  signals: readonly { readonly signal: NodeJS.Signals; readonly limitMs: number }[],
): Promise<NodeJS.Signals | undefined> {
  if (!isRunning(id)) return undefined
  for (const { signal, limitMs } of signals) {
    sendSignal(id.pid, signal)
    if (await goneWithin(id, limitMs)) return signal
  }
  sendSignal(-id.pid, 'SIGKILL')
  sendSignal(id.pid, 'SIGKILL')
  await goneWithin(id, 5_000)
  return 'SIGKILL'
}

async function goneWithin(id: ProcessId, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs
  while (isRunning(id)) {
    if (performance.now() > until) return false
    await sleep(20)
  }
  return true
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The first free port on 127.0.0.1 from `preferred` upwards; 0 asks the system for any. */
export async function freePort(preferred = 0): Promise<number> {
  for (let candidate = preferred; candidate <= preferred + 200 && candidate < 65536; candidate++) {
    const found = await tryPort(candidate)
    if (found !== undefined) return found
  }
  throw new Error(`no free port near ${preferred}`)
}

async function tryPort(candidate: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(candidate, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' && address ? address.port : undefined
  } catch {
    return undefined
  } finally {
    server.close()
  }
}

/** Whether something accepts connections there within a second. */
export async function canConnect(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1_000 })
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('timeout', () => resolve(false))
    })
  } finally {
    socket.destroy()
  }
}
