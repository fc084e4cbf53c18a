import { existsSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePrivateFolder } from '../../tools/folders.ts'
import { endProcess, isRunning, processesIn, processStartTime } from '../../tools/processes.ts'

/** A folder for the data of servers, named by the process that owns it, so that a later run can tell what a killed one left. */
export function throwAwayFolder(label: string): string {
  const folder = join(hasRoomInMemory() ? MEMORY : tmpdir(), `anju-test-${process.pid}-${processStartTime(process.pid)}-${label}`)
  makePrivateFolder(folder)
  return folder
}

/**
 * Linux' folder in memory. Databases are made and dropped by the dozen, a thousand files each: a file system on a disk looks, for every new
 * file, over those that were deleted in the last seconds.
 */
const MEMORY = '/dev/shm'

/** A run has less than half a gigabyte there at any time; it is taken only where nobody would miss it. */
const ROOM_BYTES = 3 * 2 ** 30

function hasRoomInMemory(): boolean {
  if (!existsSync(MEMORY)) return false
  const { bavail, bsize } = statfsSync(MEMORY)
  return Math.min(bavail * bsize, process.availableMemory()) > ROOM_BYTES
}

/** Ends the servers of runs that were killed before they could do so, and removes their data. */
export async function clearKilledRuns(): Promise<void> {
  for (const parent of [tmpdir(), MEMORY].filter((one) => existsSync(one))) {
    for (const name of readdirSync(parent)) {
      const [, pid, startTime = ''] = /^anju-test-(\d+)-(\d+)-/.exec(name) ?? []
      if (!pid || isRunning({ pid: Number(pid), startTime })) continue
      for (const left of processesIn(join(parent, name))) await endProcess(left, [{ signal: 'SIGQUIT', limitMs: 2_000 }])
      rmSync(join(parent, name), { recursive: true, force: true })
    }
  }
}
