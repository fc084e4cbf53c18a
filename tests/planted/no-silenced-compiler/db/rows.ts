// @ts-expect-error the library says otherwise ✗
export const one: string = 1
/* @ts-ignore ✗ */
export const two: string = 2
export const text = '@ts-ignore'
