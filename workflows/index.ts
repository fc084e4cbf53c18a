/** The one entry of the workflow bundle: what it exports is a workflow type. The type of a case kind is its function's name. */
export { loan } from './loan.ts'
export { staffChange } from './staff-change.ts'
