import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { StepGroup } from '#contracts/stages.ts'
import type { Db } from '#db/connect.ts'

/** A try around the API: as which roles, in which case, as whom, and which step group they do not hold in it. */
export interface Way {
  /** The role of the activities, and that of the desk. */
  readonly work: Db
  readonly desk: Db
  readonly caseId: string
  readonly staffId: string
  readonly group: string
}

interface Break {
  readonly by: (way: Way) => Promise<unknown>
  readonly refused: string
  /** Whose try it is: somebody who holds this step group in the case. Anybody in it where nothing is said. */
  readonly holds?: StepGroup
}

const decisionRow = ({ caseId, group, staffId }: Way) => ({
  decision_id: randomUUID(),
  case_id: caseId,
  org_id: 'any',
  access_group_id: 'OPEN',
  seq: 9_000,
  command_id: null,
  stage: 'REVIEW',
  stage_version: 1,
  stage_entered_at: '2025-11-03T01:00:00Z',
  action: 'pass',
  to_stage: 'APPROVAL',
  post: null,
  step_group: group,
  opinion: '',
  reason_code: null,
  terms: null,
  fields: '{}',
  decided_at: '2025-11-03T01:00:00Z',
  decided_on: sql<never>`date '2025-11-03'`,
  recalled_by: null,
  actor_id: staffId,
  on_behalf_of: null as string | null,
})

/** An order to pay that is right but for who has made and who has checked it. */
const paymentRow = ({ caseId, staffId }: Way) => ({
  payment_id: randomUUID(),
  case_id: caseId,
  org_id: 'any',
  access_group_id: 'OPEN',
  payment_no: 9_000,
  bank_account_id: sql<string>`(select min(bank_account_id) from bank_account)`,
  amount_fen: 100n,
  payee_name: '某人',
  payee_bank: '某银行',
  payee_account_enc: Buffer.from('x'),
  payee_account_last4: '0000',
  state: 'CREATED' as const,
  maker_id: staffId,
  checker_id: staffId,
  bank_reference: null,
  failure: null,
  created_at: '2025-11-03T01:00:00Z',
  sent_at: null,
  settled_at: null,
  settled_by: null,
})

const NOBODY = sql<string>`null`

/** Somebody of the case who holds this step group in it. */
const holderOf = (group: StepGroup, { caseId }: Way) =>
  sql<string>`(select min(staff_id::text)::uuid from case_actor where case_id = ${caseId} and step_group = ${group})`

const pays = (of: (way: Way) => object, refused: string, holds: StepGroup = 'PAYMENT_MAKER'): Break => ({
  by: (way) =>
    way.work
      .insertInto('payment')
      .values({ ...paymentRow(way), ...of(way) })
      .execute(),
  refused,
  holds,
})

const rewrites = (change: (way: Way) => object): Break => ({
  by: (way) => way.work.updateTable('payment').set(change(way)).where('case_id', '=', way.caseId).execute(),
  refused: '42501 ',
})

/** The ways around the API, as the roles that serve it: what the database itself answers to each. */
export const BREAKS: Readonly<Record<string, Break>> = {
  'a second membership': {
    by: ({ work, caseId, staffId, group }) =>
      work
        .insertInto('case_actor')
        .values({ case_id: caseId, staff_id: staffId, step_group: group, since: '2025-11-03T01:00:00Z' })
        .execute(),
    refused: '23505 case_actor_pkey',
  },
  'another membership than before': {
    by: ({ work, caseId, staffId, group }) =>
      work.updateTable('case_actor').set({ step_group: group }).where('case_id', '=', caseId).where('staff_id', '=', staffId).execute(),
    refused: '42501 ',
  },
  'no membership any more': {
    by: ({ work, caseId, staffId }) =>
      work.deleteFrom('case_actor').where('case_id', '=', caseId).where('staff_id', '=', staffId).execute(),
    refused: '42501 ',
  },
  'a decision in another group': {
    by: (way) => way.work.insertInto('decision').values(decisionRow(way)).execute(),
    refused: '23503 decision_case_id_actor_id_step_group_fkey',
  },
  'a decision in the name of somebody of another group': {
    // Whoever signs it is new to the case, and may join the group; whom they sign for may not.
    by: (way) =>
      way.work.transaction().execute(async (tx) => {
        const { staff_id } = await tx
          .selectFrom('staff')
          .select('staff_id')
          .where('staff_id', 'not in', tx.selectFrom('case_actor').select('staff_id').where('case_id', '=', way.caseId))
          .orderBy('staff_number')
          .limit(1)
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('case_actor')
          .values({ case_id: way.caseId, staff_id, step_group: way.group, since: '2025-11-03T01:00:00Z' })
          .execute()
        await tx
          .insertInto('decision')
          .values({ ...decisionRow(way), actor_id: staff_id, on_behalf_of: way.staffId })
          .execute()
      }),
    refused: '23503 decision_case_id_on_behalf_of_step_group_fkey',
  },
  'a decision that was somebody else’s': {
    by: ({ work, caseId, staffId }) => work.updateTable('decision').set({ actor_id: staffId }).where('case_id', '=', caseId).execute(),
    refused: '42501 ',
  },
  'a decision of the desk': { by: (way) => way.desk.insertInto('decision').values(decisionRow(way)).execute(), refused: '42501 ' },
  'a payment that its maker has checked': pays(() => ({}), '23503 payment_of_its_checker'),
  'a payment that whoever approved the loan has checked': pays(
    (way) => ({ maker_id: holderOf('PAYMENT_MAKER', way), checker_id: holderOf('APPROVAL', way) }),
    '23503 payment_of_its_checker',
  ),
  'a payment in the name of somebody who has not asked for it': pays(() => ({}), '23503 payment_of_its_maker', 'APPROVAL'),
  'a payment that nobody has asked for': pays(() => ({ maker_id: NOBODY }), '23502 '),
  'a payment that nobody has checked': pays(() => ({ checker_id: NOBODY }), '23502 '),
  'a payment of the desk': { by: (way) => way.desk.insertInto('payment').values(paymentRow(way)).execute(), refused: '42501 ' },
  'another checker than it had': rewrites(({ staffId }) => ({ checker_id: staffId })),
  'another amount than was checked': rewrites(() => ({ amount_fen: 1n })),
  'another payee than was checked': rewrites(() => ({ payee_account_last4: '0001' })),
}
