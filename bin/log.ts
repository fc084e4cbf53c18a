import { pino, type DestinationStream, type Logger } from 'pino'

/** The house's log: JSON lines that say what failed and where, never whose data it was about. */
export const createLog = (level: string, to?: DestinationStream): Logger => {
  const options = { level, serializers: { err: errorForLog } }
  return to ? pino(options, to) : pino(options)
}

/** What the database and its driver say of an error without quoting a value. */
const SAFE_FIELDS = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine'] as const

/**
 * An error as the log may keep it. A database quotes the failing row in its message and detail, and a parser the text it could not read: of
 * those only kind, code and place are kept. Our own messages hold ids and codes and stay.
 */
export function errorForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const fields: Record<string, unknown> = { ...error }
  const isQuoting = error instanceof SyntaxError || typeof fields['severity'] === 'string'
  return {
    name: error.name,
    ...(isQuoting ? {} : { message: error.message }),
    ...Object.fromEntries(SAFE_FIELDS.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]]))),
    stack: (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).join('\n'),
    ...(error.cause === undefined ? {} : { cause: errorForLog(error.cause) }),
  }
}
