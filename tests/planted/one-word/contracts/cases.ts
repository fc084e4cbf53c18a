export const CASE_KINDS = { loan: '住房贷款' } as const
