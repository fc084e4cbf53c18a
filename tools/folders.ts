import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'

/** The checkout. */
export const projectFolder = resolve(import.meta.dirname, '..')

/** Where the data of a demo lives: `ANJU_DATA`, or `data` in the checkout. */
export const dataFolderOf = (env: NodeJS.ProcessEnv): string => resolve(env['ANJU_DATA'] || join(projectFolder, 'data'))

/** What is dear to make and the same for every checkout of this user: `ANJU_CACHE`, or the user's cache folder. */
export const cacheFolderOf = (env: NodeJS.ProcessEnv): string =>
  resolve(env['ANJU_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'anju'))

export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL refuses to run as root, and wants a user the system knows by name. Root lends it `postgres` where that user exists
 * and `nobody` elsewhere: no user is ever created. Undefined for anybody but root.
 */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid) return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('以 root 运行时需要系统用户 postgres 或 nobody，/etc/passwd 里都没有；请改用普通用户运行')
}

/** Whether a user other than root may walk into the folder: a checkout below a private home is closed to everybody else. */
export function isReachable(folder: string, user: SystemUser | undefined): boolean {
  if (!user) return true
  for (let step = existing(resolve(folder)); ; step = dirname(step)) {
    const { mode, uid } = statSync(step)
    if ((mode & 0o001) === 0 && !(uid === user.uid && (mode & 0o100) !== 0)) return false
    if (step === dirname(step)) return true
  }
}

/** Makes a folder that only its owner reads, and that PostgreSQL's borrowed user may walk through; whatever the caller's umask. */
export function makePrivateFolder(folder: string): void {
  const umask = process.umask(0o022)
  try {
    mkdirSync(folder, { recursive: true, mode: postgresUser() ? 0o711 : 0o700 })
  } finally {
    process.umask(umask)
  }
}

/** Where a command lies that the shell would find; undefined when it would not. */
export function findOnPath(command: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, command))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function existing(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) ? folder : existing(dirname(folder))
}
