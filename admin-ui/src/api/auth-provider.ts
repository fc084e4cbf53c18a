import { api, type EndpointName } from '#contracts/api/api.ts'
import type { Access } from '#contracts/endpoint.ts'
import type { AuthProvider } from 'react-admin'
import { call } from './client.ts'
import { ApiProblem } from './problem.ts'
import { currentMe, holds, loadMe, setMe, type Me } from './session.ts'
import { serverStore } from './store.ts'

/** Which endpoint a page stands on: its access rule in the contract is the page's. Pages not named here are open to anyone signed in. */
const ENDPOINT_OF_PAGE: Readonly<Record<string, EndpointName>> = {
  payments: 'listPayments',
  balances: 'listBalances',
  incidents: 'listIncidents',
  'loan.create': 'submit',
  'staff.propose': 'proposeStaffChange',
  'incidents.retry': 'retryIncident',
}

/** Manners only: what a person may do is decided by the API. Answers from memory, because react-admin asks on every row. */
export function maySee(page: string, person: Me | undefined = currentMe()): boolean {
  const name = ENDPOINT_OF_PAGE[page]
  if (!name) return true
  const access: Access = api[name].access
  return typeof access === 'string' || holds(person, ...access)
}

export interface Credentials {
  staffNumber: string
  password: string
  oneTimeCode?: string
}

export const authProvider: AuthProvider = {
  async login(credentials: Credentials) {
    await call('signIn', { body: credentials })
    setMe(undefined)
    await loadMe()
    await serverStore.load()
  },
  async logout() {
    if (currentMe()) await call('signOut', {}).catch(() => undefined)
    setMe(undefined)
    return '/login'
  },
  async checkAuth() {
    await loadMe()
    await serverStore.load()
  },
  async checkError(error: unknown) {
    if (!(error instanceof ApiProblem) || error.status !== 401 || error.code === 'ONE_TIME_CODE_NEEDED') return
    setMe(undefined)
    throw error
  },
  async getIdentity() {
    const person = await loadMe()
    return { id: person.staffId, fullName: person.name }
  },
  async canAccess({ resource, action }) {
    return maySee(resource) && maySee(`${resource}.${action}`)
  },
}
