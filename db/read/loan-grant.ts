import type { LoanRecord } from '#contracts/loan-record.ts'
import type { Post } from '#contracts/posts.ts'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'

const GRANTS = ['approve', 'approve-specially']

/** Who granted the loan, who wants it ended, and what the bank found when the contract was signed. */
export async function readGrant(from: Db | Tx | Reader, caseId: string): Promise<Pick<LoanRecord, 'grantedBy' | 'voidAsked' | 'signing'>> {
  const db = forSql(from)
  const decisions = db.selectFrom('decision').where('case_id', '=', caseId).where('recalled_by', 'is', null).orderBy('seq', 'desc').limit(1)
  const grant = await decisions.select('post').where('action', 'in', GRANTS).executeTakeFirst()
  const asked = await decisions.select(['actor_id', 'on_behalf_of', 'stage']).where('action', '=', 'propose-void').executeTakeFirst()
  const signing = await db
    .selectFrom('source_reply')
    .select(['outcome', 'content'])
    .where('case_id', '=', caseId)
    .where('source', '=', 'BANK_SIGNING')
    .orderBy('round', 'desc')
    .limit(1)
    .executeTakeFirst()
  const askers = [asked?.actor_id, asked?.on_behalf_of].filter((one) => typeof one === 'string')
  return {
    ...(grant?.post ? { grantedBy: grant.post as Post } : {}),
    ...(asked ? { voidAsked: { by: askers, from: asked.stage } } : {}),
    ...(signing
      ? { signing: { outcome: signing.outcome, summary: (signing.content as { readonly summary?: string } | null)?.summary ?? '' } }
      : {}),
  }
}
