/** Deeper than any form of ours, and far from where a recursive reader would fall over. */
const DEPTH_MAX = 32
/** Names by which a careless copy would reach every object of the process. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Looks a body over before it is parsed: UTF-8 without a byte-order mark, not deep, no name twice in one object (two parsers would read two
 * different orders out of it), no name that reaches a prototype, no text that a database column cannot hold. What is not JSON at all is left
 * to the parser to say. One pass over the bytes, so that a hostile body costs no more than an honest one.
 * @throws SyntaxError that body-parser answers as a malformed body
 */
export function guardJson(bytes: Buffer, encoding: string): void {
  if (!/^utf-?8$/i.test(encoding)) throw malformed('not UTF-8')
  const text = decode(bytes)
  const open: { names: Set<string> | undefined; expectsName: boolean }[] = []
  for (let at = 0; at < text.length; at++) {
    const here = open.at(-1)
    switch (text[at]) {
      case '{':
      case '[':
        if (open.push({ names: text[at] === '{' ? new Set() : undefined, expectsName: true }) > DEPTH_MAX) throw malformed('too deep')
        break
      case '}':
      case ']':
        open.pop()
        break
      case ',':
        if (here) here.expectsName = true
        break
      case '"': {
        const end = endOfString(text, at)
        const value = readString(text.slice(at, end + 1))
        if (here?.names && here.expectsName) {
          if (here.names.has(value) || FORBIDDEN_NAMES.has(value)) throw malformed('a name that may not be')
          here.names.add(value)
          here.expectsName = false
        }
        at = end
        break
      }
      default:
        break
    }
  }
}

function decode(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (text.startsWith('\uFEFF')) throw malformed('a byte-order mark')
    return text
  } catch {
    throw malformed('not UTF-8')
  }
}

/** The closing quote; the end of the text when there is none. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return text.length
}

function readString(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  const value: unknown = JSON.parse(quoted)
  if (typeof value !== 'string' || !value.isWellFormed() || value.includes('\0')) throw malformed('a text that is none')
  return value
}

/** body-parser keeps the type of an error it is thrown; by that type the problem is chosen. */
const malformed = (why: string): SyntaxError => Object.assign(new SyntaxError(why), { type: 'entity.parse.failed', status: 400 })
