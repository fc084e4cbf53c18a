import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { demoApplicant } from '#db/seed/people.ts'
import { cast, house, openJourneys } from '../journeys/open-journeys.ts'

openJourneys()

test('of a revealed number the receipt holds nothing that can be read; asked again under its key it is told again, and noted once', async () => {
  const caseId = await cast.submit('approved-single')
  const { idNumber } = demoApplicant('approved-single').application.borrower
  const [clerk, key] = [await cast.person('INTAKE'), randomUUID()]
  const reveal = () => clerk.command('POST', `/api/cases/${caseId}/reveal`, { partyNo: 1, field: 'idNumber', reason: '核对证件' }, key)
  const [first, again] = [await reveal(), await reveal()]
  expect(first.body).toMatchObject({ value: idNumber })
  expect([again.status, again.body]).toEqual([200, first.body])
  expect(again.headers.get('idempotent-replay')).toBe('true')

  const noted = await house.owner.selectFrom('audit_row').select('seq').where('case_id', '=', caseId).where('act', '=', 'reveal').execute()
  expect(noted).toHaveLength(1)
  const { rows } = await sql<{ text: string }>`select command::text as text from command where idempotency_key = ${key}`.execute(
    house.owner,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.text).toContain('/cases/:caseId/reveal')
  expect(rows[0]?.text).not.toContain(idNumber)
})
