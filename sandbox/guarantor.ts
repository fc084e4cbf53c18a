import type { Express } from 'express'
import type { Pool, PoolClient } from 'pg'
import { confirmGuarantee } from '#contracts/machine/guarantor.ts'
import { wireText, type QuestionOf, type ResultOf } from '#contracts/machine/message.ts'
import type { Behaviour, SandboxInstitution } from '#contracts/machine/sandbox.ts'
import { institutionOf } from './records.ts'
import { Refused, serve, type World } from './serve.ts'
import { inTransaction } from './transaction.ts'

type Question = QuestionOf<typeof confirmGuarantee>
type Declined = Extract<ResultOf<typeof confirmGuarantee>, { state: 'DECLINED' }>['reason']

/** Guarantee companies: each stands for contracts up to its limit, and keeps its word about a contract. */
export function mountGuarantor(app: Express, world: World): void {
  serve(app, world, confirmGuarantee, (question, behaviour) => confirm(world.pool, question, behaviour))
}

async function confirm(
  pool: Pool,
  question: Question,
  behaviour: Behaviour | undefined,
): Promise<ResultOf<typeof confirmGuarantee> | Refused> {
  const { institutionId, contractNo, borrower, amountFen } = question
  const terms = wireText([institutionId, borrower, amountFen])
  const institution = await institutionOf(pool, institutionId)
  return inTransaction(pool, async (client) => {
    // Two contracts at once must not share what is left of the limit.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`guarantor ${institutionId}`])
    const fresh = behaviour?.kind === 'returned' ? 'BORROWER_DECLINED' : await objection(client, institution, question)
    const { rows } = await client.query<{ terms: string; declined: Declined | null }>(
      `WITH written AS (
         INSERT INTO sandbox.commitment (contract_no, terms, institution_id, amount_fen, declined) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (contract_no) DO NOTHING RETURNING terms, declined)
       SELECT * FROM written UNION ALL SELECT terms, declined FROM sandbox.commitment WHERE contract_no = $1`,
      [contractNo, terms, institutionId, amountFen.toString(), fresh],
    )
    const kept = rows[0]
    if (kept?.terms !== terms) return new Refused('KEY_REUSED')
    const about = { contractNo, subject: borrower.idNumber }
    if (kept.declined !== null || !institution) return { state: 'DECLINED', ...about, reason: kept.declined ?? 'INSTITUTION_UNKNOWN' }
    return { state: 'COMMITTED', ...about, amountFen, commitmentNo: `G-${contractNo}`, validUntil: institution.validUntil }
  })
}

async function objection(client: PoolClient, institution: SandboxInstitution | undefined, question: Question): Promise<Declined | null> {
  if (!institution) return 'INSTITUTION_UNKNOWN'
  const { rows } = await client.query<{ committed: string }>(
    `SELECT coalesce(sum(amount_fen), 0)::text AS committed FROM sandbox.commitment
     WHERE institution_id = $1 AND declined IS NULL AND contract_no <> $2`,
    [question.institutionId, question.contractNo],
  )
  return BigInt(rows[0]?.committed ?? '0') + question.amountFen > institution.limitFen ? 'LIMIT_EXHAUSTED' : null
}
