import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createLog, errorForLog } from './log.ts'

const databaseError = () =>
  Object.assign(new Error('invalid input syntax for type date: "沈知远"'), {
    severity: 'ERROR',
    code: '23502',
    detail: 'Failing row contains (1, 沈知远, 419899199005180012).',
    where: 'unnamed portal parameter $1 = 沈知远',
    table: 'case_party',
  })

const jsonError = (): unknown => {
  try {
    return JSON.parse('沈知远 {')
  } catch (error) {
    return error
  }
}

describe('an error in the log', () => {
  test.each([
    ['of the database keeps code and table, not the row', databaseError()],
    ['of a parser does not quote what it read', jsonError()],
    ['that has such an error as its cause does not either', new Error('decision failed', { cause: databaseError() })],
  ])('%s', (_what, error) => {
    const kept = JSON.stringify(errorForLog(error))
    expect(kept).not.toContain('沈知远')
    expect(kept).not.toContain('4198')
  })

  test('of our own keeps its message and where it was thrown', () => {
    expect(errorForLog(new Error('no such case'))).toMatchObject({ message: 'no such case', stack: expect.stringContaining('log.test.ts') })
    expect(errorForLog(databaseError())).toMatchObject({ code: '23502', table: 'case_party' })
  })

  test('reaches the line through the serializer, so that whoever logs need not think of it', () => {
    const lines: string[] = []
    const log = createLog('info', new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) }))
    log.error({ err: databaseError() }, 'request failed')
    expect(lines.join('')).toContain('case_party')
    expect(lines.join('')).not.toContain('沈知远')
  })
})
