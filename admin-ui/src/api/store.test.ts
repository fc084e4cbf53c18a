import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { authProvider } from './auth-provider.ts'
import { setMe, type Me } from './session.ts'
import { createServerStore, serverStore } from './store.ts'

/** What the server was asked, in order: method, path, and what was to be kept. */
let asked: { what: string; value?: unknown }[]
/** What the server keeps for the person. */
let kept: unknown
let answer: (what: string) => Promise<Response>
beforeEach(() => {
  asked = []
  kept = {}
  answer = async () => Response.json({ value: kept })
  // What the tab keeps is forgotten at log-out; here there is no tab.
  vi.stubGlobal('sessionStorage', {})
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const what = `${init.method} ${address}`
    const sent = typeof init.body === 'string' ? (JSON.parse(init.body) as { value: unknown }) : {}
    asked.push({ what, ...sent })
    const response = await answer(what)
    if (what === WRITE && response.ok && 'value' in sent) kept = sent.value
    return response
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  setMe(undefined)
  serverStore.reset()
})

const WRITE = 'PUT /api/settings/console'
const writes = (): unknown[] => asked.filter(({ what }) => what === WRITE).map(({ value }) => value)
const away = (): Promise<Response> => Promise.reject(new Error('offline'))
const QUERIES = 'todo.savedQueries'
const query = (label: string, stage = 'REVIEW'): unknown => ({ label, filter: { stage } })

test('改动在退出之前送到：先保存，后结束会话', async () => {
  setMe({ staffId: 'somebody' } as Me)
  await serverStore.load()
  serverStore.setItem('theme', 'dark')
  await authProvider.logout({})
  expect(asked.slice(2)).toEqual([{ what: WRITE, value: { theme: 'dark' } }, expect.objectContaining({ what: 'DELETE /api/session' })])
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
  expect(writes()).toHaveLength(1)
})

test('没有改动，退出时不写；已经退出的人，什么也不留', async () => {
  const store = createServerStore()
  await store.load()
  await store.flush()
  store.setItem('theme', 'dark')
  store.reset()
  await store.flush()
  expect(writes()).toEqual([])
  expect(store.getItem('theme')).toBeUndefined()
})

test('保存不了的设置，不妨碍退出', async () => {
  setMe({ staffId: 'somebody' } as Me)
  await serverStore.load()
  answer = async (what) => (what === WRITE ? away() : Response.json({}))
  serverStore.setItem('theme', 'dark')
  expect(await authProvider.logout({})).toBe('/login')
})

test('没有读到已存的设置之前什么也不写：改动留在本页，读到之后一并保存，已存的一件不少', async () => {
  kept = { theme: 'dark', [QUERIES]: [query('待复审')], 'cases.datatable': ['kind'] }
  answer = away
  const store = createServerStore()
  await store.load()
  store.setItem(QUERIES, [query('待初审')])
  await store.flush()
  expect(writes()).toEqual([])
  expect(store.getItem(QUERIES)).toEqual([query('待初审')])
  answer = async () => Response.json({ value: kept })
  store.setItem('preferences.openNext', false)
  await store.flush()
  expect(kept).toEqual({
    theme: 'dark',
    [QUERIES]: [query('待复审'), query('待初审')],
    'cases.datatable': ['kind'],
    'preferences.openNext': false,
  })
  expect([store.getItem('theme'), store.getItem(QUERIES)]).toEqual(['dark', [query('待复审'), query('待初审')]])
})

test('登录时没有读到的，打开下一页时再读', async () => {
  kept = { theme: 'dark' }
  answer = async () => new Response('{}', { status: 503 })
  const store = createServerStore()
  await store.load()
  expect(store.getItem('theme')).toBeUndefined()
  answer = async () => Response.json({ value: kept })
  await store.load()
  await store.load()
  expect(store.getItem('theme')).toBe('dark')
  expect(asked).toHaveLength(2)
})

test('保存失败的改动，随下一次改动再送', async () => {
  const store = createServerStore()
  await store.load()
  answer = async (what) => (what === WRITE ? away() : Response.json({ value: kept }))
  store.setItem('theme', 'dark')
  await store.flush()
  answer = async () => Response.json({ value: kept })
  store.setItem('preferences.openNext', false)
  await store.flush()
  expect(kept).toEqual({ theme: 'dark', 'preferences.openNext': false })
})

describe('两个页面同时开着', () => {
  const twoTabs = async () => {
    const [older, newer] = [createServerStore(), createServerStore()]
    await Promise.all([older.load(), newer.load()])
    return { older, newer }
  }

  test('先开的一页只送自己改过的，不冲掉后开的一页所存的', async () => {
    kept = { theme: 'light', 'todo.datatable': ['kind', 'orgName'] }
    const { older, newer } = await twoTabs()
    newer.setItem('todo.datatable', ['orgName'])
    newer.setItem('preferences.openNext', false)
    await newer.flush()
    older.setItem('theme', 'dark')
    await older.flush()
    expect(kept).toEqual({ theme: 'dark', 'todo.datatable': ['orgName'], 'preferences.openNext': false })
    expect(older.getItem('todo.datatable')).toEqual(['orgName'])
  })

  test('同一列表的常用查询、常用意见逐条合并：各自新增的都在，删去的不再出现', async () => {
    kept = { [QUERIES]: [query('甲'), query('乙'), query('丙')], 'preferences.phrases.back': ['请核对'] }
    const { older, newer } = await twoTabs()
    newer.setItem(QUERIES, [query('甲', 'APPROVAL'), query('丙'), query('丁')])
    newer.setItem('preferences.phrases.back', ['请核对', '请补充'])
    await newer.flush()
    older.setItem(QUERIES, [query('甲'), query('乙'), query('戊')])
    older.setItem('preferences.phrases.back', ['请更正'])
    await older.flush()
    expect(kept).toEqual({
      [QUERIES]: [query('甲', 'APPROVAL'), query('丁'), query('戊')],
      'preferences.phrases.back': ['请补充', '请更正'],
    })
  })

  test('列的显示与次序整套保存，不作拼合', async () => {
    kept = { 'todo.datatable': ['kind', 'orgName'] }
    const { older, newer } = await twoTabs()
    newer.setItem('todo.datatable', ['kind', 'orgName', 'claimedBy'])
    await newer.flush()
    older.setItem('todo.datatable', ['orgName'])
    await older.flush()
    expect(kept).toEqual({ 'todo.datatable': ['orgName'] })
  })
})

test('退出之后才到的设置，不给下一位登录的人', async () => {
  const store = createServerStore()
  let arrive: (response: Response) => void = () => undefined
  answer = () => new Promise((resolve) => (arrive = resolve))
  const first = store.load()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  store.reset()
  arrive(Response.json({ value: { theme: 'dark' } }))
  await first
  expect(store.getItem('theme')).toBeUndefined()
})
