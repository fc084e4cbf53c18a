export { loan } from './loan.ts'
