export const idle = 'the exception is not needed ✗'
