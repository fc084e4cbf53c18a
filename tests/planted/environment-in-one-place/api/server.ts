export const port = process.env['PORT'] // ✗
export const { HOST } = process.env // ✗
export const word = 'process.env'
