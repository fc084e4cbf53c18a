export const CASE_KINDS = {
  withdrawal: '提取',
  pension: '养老', // ✗
} as const
