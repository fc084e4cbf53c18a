import type { PolicyRow } from '../policy-at.ts'

/** The documents at hand print no loan parameter of the province. The place is kept: a provincial notice will be a row here. */
export const henanValues: readonly PolicyRow[] = []
