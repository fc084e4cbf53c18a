import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { inputText } from '#contracts/input-text.ts'
import { Refused } from './command-line.ts'

/** Far above what people write and review by hand. */
const BYTES_MAX = 1_048_576

/**
 * The text of a file named on the command line; `-` is standard input.
 * @param what the kind of file, as its complaints call it
 * @throws Refused when it cannot be read, is too large or no UTF-8
 */
export async function readInputFile(path: string, what: string): Promise<string> {
  const bytes = await (path === '-' ? buffer(process.stdin) : readFile(path)).catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`${what} ${path} 无法读取：${error.code === 'ENOENT' ? '文件不存在' : (error.code ?? error.message)}`)
  })
  if (bytes.length > BYTES_MAX) throw new Refused(`${what}过大：${bytes.length} 字节，至多 ${BYTES_MAX} 字节`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refused(`${what} ${path} 不是 UTF-8 编码`)
  }
}

interface Flaw {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * What the text says, by its schema and by what the schema cannot know.
 * @throws Refused naming everything that is missing or wrong at once, each with its place in the file
 */
export function parseInputFile<S extends z.ZodType>(
  text: string,
  what: string,
  schema: S,
  flawsOf: (value: z.output<S>) => readonly Flaw[],
): z.output<S> {
  const parsed = schema.safeParse(jsonOf(text, what), { error: inputText })
  const flaws: readonly Flaw[] = parsed.success ? flawsOf(parsed.data) : parsed.error.issues
  if (parsed.success && flaws.length === 0) return parsed.data
  const lines = flaws.map(({ path, message }) => `  ${z.core.toDotPath([...path]) || '（整个文件）'}：${message}`)
  throw new Refused(`${what}有 ${flaws.length} 处错误：\n${lines.join('\n')}`)
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refused(`${what}不是合法的 JSON：${error instanceof Error ? error.message : String(error)}`)
  }
}
