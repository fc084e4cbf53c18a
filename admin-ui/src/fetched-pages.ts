import { fetched, type FetchedPage } from './layout/fetched-page.ts'

const list = (name: 'Todo' | 'Done' | 'Started' | 'Copied' | 'AllCases'): FetchedPage =>
  fetched(async () => (await import('./cases/CaseLists.tsx'))[name])

/** Every page but the log-in: what is not on the first screen is fetched when it is opened. */
export const PAGES = {
  home: fetched(async () => (await import('./home/Home.tsx')).Home),
  todo: list('Todo'),
  done: list('Done'),
  started: list('Started'),
  copied: list('Copied'),
  cases: list('AllCases'),
  case: fetched(async () => (await import('./cases/CasePage.tsx')).CasePage),
  loanCreate: fetched(async () => (await import('./loan/Create.tsx')).LoanCreate),
  loanAmend: fetched(async () => (await import('./loan/Amend.tsx')).LoanAmend),
  payments: fetched(async () => (await import('./house/Payments.tsx')).Payments),
  balances: fetched(async () => (await import('./house/Balances.tsx')).Balances),
  calendar: fetched(async () => (await import('./house/Calendar.tsx')).Calendar),
  staff: fetched(async () => (await import('./house/Staff.tsx')).Staff),
  incidents: fetched(async () => (await import('./house/Incidents.tsx')).Incidents),
} as const

/** The page of an address, so that its code can be fetched while nothing is shown yet; undefined where there is none. */
export function pageAt(pathname: string): FetchedPage | undefined {
  const [first = '', second] = pathname.split('/').filter(Boolean)
  if (first === '') return PAGES.home
  if (first === 'cases') return second === undefined ? PAGES.cases : PAGES.case
  if (first === 'loan') return second === 'create' ? PAGES.loanCreate : PAGES.loanAmend
  return Object.entries(PAGES).find(([name]) => name === first)?.[1]
}
