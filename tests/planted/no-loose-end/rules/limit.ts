// TODO: the limit of the other city ✗
export const limit = 1
// FIXME ✗
export const HACKNEY = 2
