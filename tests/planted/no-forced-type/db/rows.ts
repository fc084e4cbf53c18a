export const forced = (row: unknown) => row as unknown as string // ✗
export const narrowed = (row: unknown) => (typeof row === 'string' ? row : '')
export const literal = ['as unknown as'] as const
