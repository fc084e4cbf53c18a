export const rentLimit = 1
