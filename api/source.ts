import { isIPv6 } from 'node:net'
import type { Request } from 'express'
import type { ApiParts } from './parts.ts'

/**
 * Where a request comes from, as one source of log-ins: an address of version four, or the network of sixty-four bits that version six
 * gives to one household or office, in which every machine may take a fresh address for each try.
 */
export function sourceOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const bare = address.split('%')[0] ?? address
  if (!isIPv6(bare)) return bare
  const [head = '', tail] = bare.toLowerCase().split('::')
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean))
  const gap = Array.from({ length: Math.max(0, 8 - (left?.length ?? 0) - (right?.length ?? 0)) }, () => '0')
  const groups = [...(left ?? []), ...(tail === undefined ? [] : gap), ...(right ?? [])]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

/** The keyed hash under which tries of this request's source are counted; the address itself is kept nowhere. */
export const sourceHashOf = (parts: ApiParts, req: Request): Buffer => parts.vault.hash(`source of log-ins ${sourceOf(req.ip ?? '')}`)
