import { z } from 'zod'

/** Whether there is more of a list, and where it goes on. */
export const pageInfo = z.strictObject({ hasNextPage: z.boolean(), after: z.string().nullable().describe('下一页的游标') })

/**
 * Which page of a list is asked for: what lies behind the cursor of the page before.
 * @param max as many rows as come at once, also when nobody asks for fewer
 */
export const pageQuery = (max: number) => ({
  after: z.string().max(200).optional().describe('游标'),
  limit: z.coerce.number().int().min(1).max(max).default(max),
})
