export const issued = (on: string) => new Date(on)
export const printed = () => new Date() // ✗
