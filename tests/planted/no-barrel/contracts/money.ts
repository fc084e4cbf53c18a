export { plainDate } from './dates.ts'
export const zero = 0n
