import { sql } from 'kysely'
import type { Db } from '../connect.ts'

/** Keeps a personal setting (filters, columns, phrases); the last one holds. */
export async function keepSetting(db: Db, staffId: string, key: string, value: unknown): Promise<void> {
  await sql`insert into staff_setting (staff_id, key, value) values (${staffId}, ${key}, ${JSON.stringify(value ?? null)}::jsonb)
    on conflict (staff_id, key) do update set value = excluded.value, updated_at = now()`.execute(db)
}

/** Keeps a draft, sealed. @returns false when the id belongs to somebody else's draft */
export async function keepDraft(db: Db, draft: { draftId: string; kind: string; ownerId: string; contentEnc: Buffer; title: string }): Promise<boolean> {
  const { rows } = await sql<{ owner_id: string }>`
    insert into draft (draft_id, kind, owner_id, content_enc, title)
    values (${draft.draftId}, ${draft.kind}, ${draft.ownerId}, ${draft.contentEnc}, ${draft.title})
    on conflict (draft_id) do update set content_enc = excluded.content_enc, title = excluded.title, updated_at = now()
      where draft.owner_id = excluded.owner_id
    returning owner_id`.execute(db)
  return rows.length > 0
}
