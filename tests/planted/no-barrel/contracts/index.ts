export * from './money.ts' // ✗
export { plainDate } from './dates.ts'
