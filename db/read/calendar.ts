import { sql } from 'kysely'
import type { Db } from '../connect.ts'

/** Whoever may change the working calendar, by staff number: an active system administrator or policy administrator; undefined for anyone else. */
export const readCalendarEditor = (db: Db, staffNumber: string): Promise<{ staffId: string; orgId: string } | undefined> =>
  db
    .selectFrom('staff')
    .innerJoin('staff_post', 'staff_post.staff_id', 'staff.staff_id')
    .select(['staff.staff_id as staffId', 'staff.org_id as orgId'])
    .where('staff_number', '=', staffNumber)
    .where('state', '=', 'ACTIVE')
    .where('post', 'in', ['SYS_ADMIN', 'POLICY_ADMIN'])
    .where('from_on', '<=', sql<never>`business_today()`)
    .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', sql<never>`business_today()`)]))
    .executeTakeFirst()
