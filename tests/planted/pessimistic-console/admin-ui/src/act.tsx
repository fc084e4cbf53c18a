export const mode = 'undoable' // ✗
export const other = 'pessimistic'
export const hope = { optimistic: true } // ✗
