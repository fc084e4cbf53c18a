import type { DataProvider, GetListParams, GetListResult } from 'react-admin'
import { TASK_LISTS, type TaskList } from '#contracts/cases.ts'
import { call, type Answer, type Request } from './client.ts'

type CasePage = Answer<'listCases'>
/** What a list is narrowed by. Words that may be somebody's name travel in the body, the rest in the address. */
type CaseQuery = NonNullable<Request<'listCases'>['query']> & { readonly q?: string }

/** What a list says about itself beside its rows. */
export interface ListMeta {
  readonly asOf: string
  readonly totalIsExact: boolean
  /** Over the whole filter; null where the total is not exact. */
  readonly sumFen: string | null
}

/**
 * Only lists of cases go through react-admin's provider. Everything else is `call(name, …)` of the contract, one name each; the generic
 * writes do not exist, because nothing in this house is "updated" or "deleted" in general.
 */
export const dataProvider: DataProvider = {
  async getList(resource: string, params: GetListParams): Promise<GetListResult> {
    const { page, perPage } = params.pagination ?? { page: 1, perPage: 50 }
    const query: CaseQuery = { ...(params.filter as CaseQuery), limit: perPage }
    const after = await cursorOf(resource, query, page, params.signal)
    const { rows, pageInfo, total, totalIsExact, sumFen, asOf } = await fetchPage(
      resource,
      { ...query, ...(after ? { after } : {}) },
      params.signal,
    )
    cursorsOf(resource, query).set(page + 1, pageInfo.after)
    const meta: ListMeta = { asOf, totalIsExact, sumFen }
    return { data: rows, total, pageInfo: { hasNextPage: pageInfo.hasNextPage, hasPreviousPage: page > 1 }, meta }
  },
  getOne: refuse,
  getMany: refuse,
  getManyReference: refuse,
  create: refuse,
  update: refuse,
  updateMany: refuse,
  delete: refuse,
  deleteMany: refuse,
  supportAbortSignal: import.meta.env.PROD,
}

/** Page numbers are ours, cursors the server's: remembered as one pages on, walked again after F5 on a later page. */
const cursors = new Map<string, Map<number, string | null>>()

function cursorsOf(resource: string, query: CaseQuery): Map<number, string | null> {
  const key = `${resource} ${JSON.stringify(query)}`
  const known = cursors.get(key) ?? new Map<number, string | null>()
  cursors.set(key, known)
  return known
}

async function cursorOf(resource: string, query: CaseQuery, page: number, signal?: AbortSignal): Promise<string | undefined> {
  const known = cursorsOf(resource, query)
  let after: string | undefined
  for (let at = 2; at <= page; at += 1) {
    if (!known.has(at)) known.set(at, (await fetchPage(resource, { ...query, ...(after ? { after } : {}) }, signal)).pageInfo.after)
    after = known.get(at) ?? undefined
  }
  return after
}

function fetchPage(resource: string, { q, ...query }: CaseQuery, signal?: AbortSignal): Promise<CasePage> {
  const options = signal ? { signal } : {}
  if (q === undefined)
    return isTaskList(resource) ? call('listTasks', { params: { list: resource }, query }, options) : call('listCases', { query }, options)
  const body = { q }
  return isTaskList(resource)
    ? call('searchTasks', { params: { list: resource }, query, body }, options)
    : call('searchCases', { query, body }, options)
}

const isTaskList = (resource: string): resource is TaskList => Object.hasOwn(TASK_LISTS, resource)

function refuse(): Promise<never> {
  return Promise.reject(new Error('commands have names: see api/client.ts'))
}
