import { userInfo } from 'node:os'

/** Under which account of this machine the command runs; a container may run under a number without a name. */
export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
