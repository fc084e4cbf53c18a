export const header = 'User-Agent'
export const author = 'LLM' // ✗
