import { z } from 'zod'

/** Whether there is more of a list, and where it goes on. */
export const pageInfo = z.strictObject({ hasNextPage: z.boolean(), after: z.string().nullable().describe('下一页的游标') })

/** The same of a page that ends at a cursor, or with the list. */
export const pageInfoOf = (after: string | null): z.output<typeof pageInfo> => ({ hasNextPage: after !== null, after })

/**
 * Which page of a list is asked for: what lies behind the cursor of the page before.
 * @param max as many rows as come at once, also when nobody asks for fewer
 */
export const pageQuery = (max: number) => ({
  after: z.string().max(200).optional().describe('游标'),
  limit: z.coerce.number().int().min(1).max(max).default(max),
})
