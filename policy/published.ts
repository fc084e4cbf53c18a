import type { PolicyRow } from './policy-at.ts'
import { changyuanValues } from './values/changyuan.ts'
import { henanValues } from './values/henan.ts'
import { nationalValues } from './values/national.ts'
import { xinxiangValues } from './values/xinxiang.ts'

/** The rows that seed a new database. At run time the rows of the database are the only truth; commands without a server read these. */
export const publishedRows: readonly PolicyRow[] = [...nationalValues, ...henanValues, ...xinxiangValues, ...changyuanValues]
