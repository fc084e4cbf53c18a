import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { heldBack } from './held-back.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('一段时间里的许多请求只办一次；请求不断时也不会一直拖下去', () => {
  const act = vi.fn<() => void>()
  const { ask } = heldBack(act, () => false, 1_000)
  for (let times = 0; times < 25; times++) {
    ask()
    vi.advanceTimersByTime(100)
  }
  expect(act).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(1_000)
  expect(act).toHaveBeenCalledTimes(3)
})

test('会打扰时先等着，不打扰了即办；停下之后不再办', () => {
  const act = vi.fn<() => void>()
  let busy = true
  const { ask, stop } = heldBack(act, () => busy, 1_000)
  ask()
  vi.advanceTimersByTime(5_000)
  expect(act).not.toHaveBeenCalled()
  busy = false
  vi.advanceTimersByTime(1_000)
  expect(act).toHaveBeenCalledTimes(1)
  ask()
  stop()
  vi.advanceTimersByTime(5_000)
  expect(act).toHaveBeenCalledTimes(1)
})
