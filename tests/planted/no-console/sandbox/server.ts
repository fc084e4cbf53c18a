export const failed = () => console.error('failed')
export const started = () => console.log('started') // ✗
