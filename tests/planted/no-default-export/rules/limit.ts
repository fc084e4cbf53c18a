export const limit = 1
export default limit // ✗
