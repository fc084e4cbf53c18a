export const now = () => Date.now() // ✗
export const today = () => new Date().toISOString() // ✗
export const told = (text: string) => new Date(text) // ✗
export const words = '// new Date()'
