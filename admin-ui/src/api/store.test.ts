import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { authProvider } from './auth-provider.ts'
import { setMe, type Me } from './session.ts'
import { createServerStore, serverStore } from './store.ts'

/** What the server was asked, in order: method, path, and what was to be kept. */
let asked: { what: string; value?: unknown }[]
let answer: (what: string) => Promise<Response>
beforeEach(() => {
  asked = []
  answer = async () => Response.json({ value: {} })
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const what = `${init.method} ${address}`
    asked.push({ what, ...(typeof init.body === 'string' ? (JSON.parse(init.body) as { value: unknown }) : {}) })
    return answer(what)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  setMe(undefined)
  serverStore.reset()
})

const WRITE = 'PUT /api/settings/console'

test('改动在退出之前送到：先保存，后结束会话', async () => {
  setMe({ staffId: 'somebody' } as Me)
  await serverStore.load()
  serverStore.setItem('theme', 'dark')
  await authProvider.logout({})
  expect(asked.slice(1)).toEqual([{ what: WRITE, value: { theme: 'dark' } }, expect.objectContaining({ what: 'DELETE /api/session' })])
})

test('正在途中的保存，等它到达', async () => {
  const store = createServerStore()
  await store.load()
  let arrived = false
  answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    arrived = true
    return Response.json({})
  }
  store.setItem('theme', 'dark')
  void store.flush()
  await store.flush()
  expect(arrived).toBe(true)
  expect(asked.filter(({ what }) => what === WRITE)).toHaveLength(1)
})

test('没有改动，退出时不写；已经退出的人，什么也不留', async () => {
  const store = createServerStore()
  await store.load()
  await store.flush()
  store.setItem('theme', 'dark')
  store.reset()
  await store.flush()
  expect(asked.filter(({ what }) => what === WRITE)).toEqual([])
  expect(store.getItem('theme')).toBeUndefined()
})

test('保存不了的设置，不妨碍退出', async () => {
  setMe({ staffId: 'somebody' } as Me)
  await serverStore.load()
  answer = async (what) => (what === WRITE ? Promise.reject(new Error('offline')) : Response.json({}))
  serverStore.setItem('theme', 'dark')
  expect(await authProvider.logout({})).toBe('/login')
})
