import type { PlainDate } from '#contracts/dates.ts'
import { forSql, type Reader } from '../connect.ts'

/** What the person of the context has delegated or stands in for, now or later: row security shows nobody else's. */
export const readDelegations = (db: Reader, today: PlainDate) =>
  forSql(db)
    .selectFrom('delegation')
    .innerJoin('staff as principal', 'principal.staff_id', 'delegation.from_staff_id')
    .innerJoin('staff as delegate', 'delegate.staff_id', 'delegation.to_staff_id')
    .selectAll('delegation')
    .select(['principal.name as from_name', 'delegate.name as to_name'])
    .where('delegation.revoked_at', 'is', null)
    .where('delegation.to_on', '>=', today)
    .orderBy('delegation.from_on')
    .orderBy('delegation.delegation_id')
    .execute()
