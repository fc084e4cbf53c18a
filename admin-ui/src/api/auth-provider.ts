import { api, type EndpointName } from '#contracts/api/api.ts'
import type { Access } from '#contracts/endpoint.ts'
import type { AuthProvider } from 'react-admin'
import { call } from './client.ts'
import { ApiProblem } from './problem.ts'
import { currentMe, holds, loadMe, loseMe, setMe, type Me } from './session.ts'
import { forgetSearched } from './searched.ts'
import { serverStore } from './store.ts'

/** Which endpoint a page stands on: its access rule in the contract is the page's. Pages not named here are open to anyone signed in. */
const ENDPOINT_OF_PAGE: Readonly<Record<string, EndpointName>> = {
  payments: 'listPayments',
  balances: 'listBalances',
  incidents: 'listIncidents',
  'loan.create': 'submit',
  'staff.propose': 'proposeStaffChange',
}

/** Manners only: what a person may do is decided by the API. Answers from memory, because react-admin asks on every row. */
export function maySee(page: string, person: Me | undefined = currentMe()): boolean {
  const name = ENDPOINT_OF_PAGE[page]
  if (!name) return true
  const access: Access = api[name].access
  return typeof access === 'string' || holds(person, ...access)
}

/**
 * By number and password; by what the identity provider sent back; or what is left of either: a new password in the place of the initial one, the
 * one-time code. */
export type Credentials =
  | { readonly staffNumber: string; readonly password: string; readonly oneTimeCode?: string }
  | { readonly returned: string }
  | { readonly newPassword: string }
  | { readonly secondFactor: string }

/** @returns the page to open, where one was left for the log-in */
async function enter(credentials: Credentials): Promise<string | null> {
  if ('returned' in credentials) return (await call('returnFromProvider', { body: { query: credentials.returned } })).returnTo
  if ('secondFactor' in credentials) return (await call('giveSecondFactor', { body: { oneTimeCode: credentials.secondFactor } })).returnTo
  if ('newPassword' in credentials) await call('replaceInitialPassword', { body: credentials })
  else await call('signIn', { body: credentials })
  return null
}

export const authProvider: AuthProvider = {
  async login(credentials: Credentials) {
    const returnTo = await enter(credentials)
    forgetSearched()
    setMe(undefined)
    await loadMe()
    await serverStore.load()
    return returnTo === null ? undefined : { redirectTo: returnTo }
  },
  async logout() {
    if (currentMe()) {
      await serverStore.flush()
      await call('signOut', {}).catch(() => undefined)
    }
    forgetSearched()
    setMe(undefined)
    return '/login'
  },
  async checkAuth() {
    await loadMe()
    await serverStore.load()
  },
  async checkError(error: unknown) {
    if (!(error instanceof ApiProblem) || error.status !== 401 || error.code === 'ONE_TIME_CODE_NEEDED') return
    loseMe()
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
