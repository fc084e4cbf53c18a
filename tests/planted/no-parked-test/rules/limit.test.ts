import { describe, it, test } from 'vitest'

test.only('one', () => {}) // ✗
it.skip('two', () => {}) // ✗
describe.skip.each([1])('three', () => {}) // ✗
test.todo('four') // ✗
test.each([1])('five', () => {})
export const only = [1].filter((one) => one > 0)
