export const yuan = (fen: number) => fen / 100 // ✗
export const share = (fen: number) => fen * 0.01 // ✗
export const read = (text: string) => parseFloat(text) // ✗
export const printed = (fen: number) => fen.toFixed(2) // ✗
export const whole = (fen: bigint) => fen / 100n
