import { addDays } from '#contracts/dates.ts'
import type { Post } from '#contracts/posts.ts'
import { endSessions } from '#db/write/sessions.ts'
import { incompatiblePosts } from '#rules/cases/incompatible-posts.ts'
import type { KindOfCase } from './case/kinds.ts'

/** Rights take effect with the confirmation, in its transaction; a person whose rights shrink loses their sessions there and then. */
export const staffChangeKind: KindOfCase = {
  async obstacles(tx, { kase, action, time }) {
    if (action !== 'confirm') return []
    const change = await tx.selectFrom('staff_change').selectAll().where('case_id', '=', kase.case_id).executeTakeFirstOrThrow()
    if (change.change !== 'GRANT_POST' || !change.post) return []
    const held = await tx
      .selectFrom('staff_post')
      .select('post')
      .where('staff_id', '=', change.staff_id)
      .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', time.today)]))
      .execute()
    return incompatiblePosts([...held.map(({ post }) => post as Post), change.post as Post])
  },

  async effects(tx, { kase, action, time }) {
    if (action !== 'confirm') return
    const change = await tx.selectFrom('staff_change').selectAll().where('case_id', '=', kase.case_id).executeTakeFirstOrThrow()
    if (change.change === 'GRANT_POST' && change.post && change.post_org_id) {
      await tx
        .insertInto('staff_post')
        .values({ staff_id: change.staff_id, post: change.post, org_id: change.post_org_id, from_on: time.today, to_on: null, granted_by_case: kase.case_id })
        .onConflict((conflict) => conflict.columns(['staff_id', 'post', 'org_id', 'from_on']).doUpdateSet({ to_on: null, granted_by_case: kase.case_id }))
        .execute()
      return
    }
    if (change.change === 'REVOKE_POST' && change.post && change.post_org_id) {
      await tx
        .updateTable('staff_post')
        .set({ to_on: addDays(time.today, -1) })
        .where('staff_id', '=', change.staff_id)
        .where('post', '=', change.post)
        .where('org_id', '=', change.post_org_id)
        .where((eb) => eb.or([eb('to_on', 'is', null), eb('to_on', '>=', time.today)]))
        .execute()
    }
    const states = { LOCK: 'LOCKED', UNLOCK: 'ACTIVE', LEAVE: 'LEFT' } as const
    if (change.change !== 'GRANT_POST' && change.change !== 'REVOKE_POST') {
      await tx.updateTable('staff').set({ state: states[change.change] }).where('staff_id', '=', change.staff_id).execute()
    }
    await endSessions(tx, change.staff_id, `CHANGE/${change.change}`)
  },
}
