export const started = () => console.log('started') // ✗
export const failed = () => console.error('failed') // ✗
