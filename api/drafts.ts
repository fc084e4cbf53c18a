import { forSql } from '#db/connect.ts'
import { keepDraft } from '#db/write/desk.ts'
import type { Handlers } from './mount.ts'
import { refuse } from './problems.ts'

/** Drafts are their owner's alone, sealed, and no case yet. */
export const draftHandlers: Pick<Handlers, 'listDrafts' | 'readDraft' | 'writeDraft' | 'discardDraft'> = {
  listDrafts: (_input, call) =>
    call.read(async (db) => {
      const rows = await forSql(db)
        .selectFrom('draft')
        .select(['draft_id', 'kind', 'title', 'updated_at'])
        .orderBy('updated_at', 'desc')
        .limit(50)
        .execute()
      return { rows: rows.map((row) => ({ id: row.draft_id, kind: row.kind, title: row.title, updatedAt: row.updated_at })) }
    }),

  readDraft: async ({ params }, call) => {
    const row = await call.read((db) =>
      forSql(db).selectFrom('draft').select(['kind', 'content_enc']).where('draft_id', '=', params.draftId).executeTakeFirst(),
    )
    if (!row) throw refuse('NOT_FOUND')
    return { kind: row.kind, content: JSON.parse(call.parts.vault.open(row.content_enc)) as unknown }
  },

  writeDraft: async ({ params, body }, call) => {
    const contentEnc = call.parts.vault.seal(JSON.stringify(body.content))
    const kept = await keepDraft(call.parts.desk, {
      draftId: params.draftId,
      kind: body.kind,
      ownerId: call.me.staffId,
      contentEnc,
      title: body.title,
    })
    if (!kept) throw refuse('NOT_FOUND')
    return {}
  },

  discardDraft: async ({ params }, call) => {
    await call.parts.desk.deleteFrom('draft').where('draft_id', '=', params.draftId).where('owner_id', '=', call.me.staffId).execute()
    return {}
  },
}
