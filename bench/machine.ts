import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

/** Ticks of `/proc/<pid>/stat`: USER_HZ has been 100 on every Linux this runs on. */
const TICKS_PER_SECOND = 100

/** CPU-seconds, user and system, that these processes have used so far, with the children that they have waited for. Zero for one that is gone. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = statFields(pid)
    return fields ? sum + [11, 12, 13, 14].reduce((ticks, at) => ticks + Number(fields[at]), 0) / TICKS_PER_SECOND : sum
  }, 0)
}

/** A server with the sessions it has forked. Sessions that have ended are counted with the server, which has waited for them. */
export function withChildren(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return [pid, ...all.filter((one) => statFields(one)?.[1] === String(pid))]
}

/** From the state on (field 3 of proc(5)), so that [1] is the parent and [11] to [14] are the ticks. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Resident memory in MB, now and at its highest. */
export function memoryMegabytes(pid: number): { now: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string): number => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024)
  return { now: of('VmRSS'), highest: of('VmHWM') }
}

/** What the figures were measured on, and how busy it was with other things. */
export interface HardwareLine {
  readonly cpu: string
  readonly cores: number
  readonly loadAverage: string
  readonly stealPercent: number
  readonly node: string
}

/** Ticks of all processors together since boot. */
export interface ProcessorTicks {
  readonly total: number
  readonly steal: number
}

/** What all processors have done since the machine started, by the kernel’s own count, in its ticks. */
export function processorTicks(): ProcessorTicks {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number)
  return { total: ticks.reduce((sum, one) => sum + one, 0), steal: ticks[7] ?? 0 }
}

/** @param since taken when the measuring began: the steal is that of the measuring, not of the machine's life */
export function hardwareLine(since: ProcessorTicks): HardwareLine {
  const now = processorTicks()
  const [first] = cpus()
  return {
    cpu: first?.model ?? '?',
    cores: cpus().length,
    loadAverage: loadavg().map((one) => one.toFixed(2)).join(' '),
    stealPercent: Math.round(((now.steal - since.steal) / Math.max(1, now.total - since.total)) * 1000) / 10,
    node: process.versions.node,
  }
}
