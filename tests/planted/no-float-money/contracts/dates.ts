export const century = (year: number) => Math.floor(year / 100)
