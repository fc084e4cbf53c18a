import { parseArgs } from 'node:util'

/** What was asked is wrong: the text says what, the command ends with 1. Anything else thrown is a fault. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** Runs a command: 0 when it answered, 1 with the reason on stderr when it refused its input. Faults pass through to the caller. */
export async function answering(work: () => void | Promise<void>): Promise<number> {
  try {
    await work()
    return 0
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

export interface Options<T extends string, F extends string> {
  readonly texts: Readonly<Partial<Record<T, string>>>
  readonly flags: Readonly<Record<F, boolean>>
}

/** `--name value` and `--flag`, each at most once. A value may begin with a minus: the command judges it. @throws Refused */
export function readOptions<T extends string, F extends string>(
  args: readonly string[],
  texts: readonly T[],
  flags: readonly F[],
): Options<T, F> {
  const { tokens } = parseArgs({ args: joined(args, texts), strict: false, tokens: true, options: describe(texts, flags) })
  const found = new Map<string, string | undefined>()
  for (const token of tokens) {
    if (token.kind !== 'option') throw new Refused(`无法识别的内容：${token.kind === 'positional' ? token.value : '--'}`)
    if (![...texts, ...flags].some((name) => name === token.name)) throw new Refused(`无法识别的参数：${token.rawName}`)
    if (found.has(token.name)) throw new Refused(`参数 --${token.name} 出现了两次`)
    if (flags.some((name) => name === token.name) && token.value !== undefined) throw new Refused(`参数 --${token.name} 不带值`)
    if (texts.some((name) => name === token.name) && token.value === undefined) throw new Refused(`参数 --${token.name} 缺少值`)
    found.set(token.name, token.value)
  }
  const given = texts.flatMap((name) => (found.has(name) ? [[name, found.get(name) ?? '']] : []))
  return {
    texts: Object.fromEntries(given) as Partial<Record<T, string>>,
    flags: Object.fromEntries(flags.map((name) => [name, found.has(name)])) as Record<F, boolean>,
  }
}

/** @throws Refused naming the option when it is not there. */
export function required<T extends string>({ texts }: Pick<Options<T, never>, 'texts'>, name: T): string {
  const text = texts[name]
  if (text === undefined) throw new Refused(`缺少参数 --${name}（--help 查看说明）`)
  return text
}

/** parseArgs calls `--principal -5` ambiguous; joined by `=` it is not. */
function joined(args: readonly string[], texts: readonly string[]): string[] {
  const result: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const [arg = '', next] = [args[index], args[index + 1]]
    const takesNext = texts.some((name) => arg === `--${name}`) && next !== undefined && !next.startsWith('--')
    result.push(takesNext ? `${arg}=${next}` : arg)
    if (takesNext) index += 1
  }
  return result
}

const describe = (texts: readonly string[], flags: readonly string[]): Record<string, { type: 'string' | 'boolean' }> =>
  Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' }] as const),
    ...flags.map((name) => [name, { type: 'boolean' }] as const),
  ])
