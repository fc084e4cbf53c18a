import type { QueryClient } from '@tanstack/react-query'
import polyglotI18nProvider from 'ra-i18n-polyglot'
import { lazy, type ReactNode } from 'react'
import { Admin, CustomRoutes, Notification, Resource } from 'react-admin'
import { Route } from 'react-router'
import { authProvider, maySee } from './api/auth-provider.ts'
import { dataProvider } from './api/data-provider.ts'
import { useMe } from './api/session.ts'
import { serverStore } from './api/store.ts'
import { zh } from './i18n/zh.ts'
import { ForbiddenPage, NotFoundPage } from './layout/Problems.tsx'
import { Shell } from './layout/Shell.tsx'
import { LoginPage } from './login/LoginPage.tsx'
import { darkTheme, lightTheme } from './theme.ts'

// Notices carry finished sentences, not keys; what looks like a raw key on a page is found by the journey that walks every page.
const i18nProvider = polyglotI18nProvider(() => zh, 'zh', { allowMissing: true })

// What is not on the first screen is fetched when it is opened.
const Home = lazy(async () => ({ default: (await import('./home/Home.tsx')).Home }))
const Todo = lazy(async () => ({ default: (await import('./cases/CaseLists.tsx')).Todo }))
const Done = lazy(async () => ({ default: (await import('./cases/CaseLists.tsx')).Done }))
const Started = lazy(async () => ({ default: (await import('./cases/CaseLists.tsx')).Started }))
const Copied = lazy(async () => ({ default: (await import('./cases/CaseLists.tsx')).Copied }))
const AllCases = lazy(async () => ({ default: (await import('./cases/CaseLists.tsx')).AllCases }))
const CasePage = lazy(async () => ({ default: (await import('./cases/CasePage.tsx')).CasePage }))
const LoanCreate = lazy(async () => ({ default: (await import('./loan/Create.tsx')).LoanCreate }))
const LoanAmend = lazy(async () => ({ default: (await import('./loan/Amend.tsx')).LoanAmend }))
const Payments = lazy(async () => ({ default: (await import('./house/Payments.tsx')).Payments }))
const Balances = lazy(async () => ({ default: (await import('./house/Balances.tsx')).Balances }))
const Calendar = lazy(async () => ({ default: (await import('./house/Calendar.tsx')).Calendar }))
const Staff = lazy(async () => ({ default: (await import('./house/Staff.tsx')).Staff }))
const Incidents = lazy(async () => ({ default: (await import('./house/Incidents.tsx')).Incidents }))

/** Pages that stand on an endpoint of certain posts do not even ask it for others. */
const Guarded = ({ page, children }: { page: string; children: ReactNode }) => (maySee(page, useMe()) ? children : <ForbiddenPage />)

/** At the top: the foot of the page is where the buttons are. */
const Notice = () => <Notification anchorOrigin={{ vertical: 'top', horizontal: 'center' }} />

export const App = ({ queryClient }: { queryClient: QueryClient }) => (
  <Admin
    title="安居"
    authProvider={authProvider}
    dataProvider={dataProvider}
    i18nProvider={i18nProvider}
    queryClient={queryClient}
    store={serverStore}
    lightTheme={lightTheme}
    darkTheme={darkTheme}
    defaultTheme="light"
    layout={Shell}
    notification={Notice}
    loginPage={LoginPage}
    dashboard={Home}
    catchAll={NotFoundPage}
    accessDenied={ForbiddenPage}
    requireAuth
    disableTelemetry
  >
    <Resource name="todo" list={Todo} />
    <Resource name="done" list={Done} />
    <Resource name="started" list={Started} />
    <Resource name="copied" list={Copied} />
    <Resource name="cases" list={AllCases} edit={CasePage} />
    <CustomRoutes>
      <Route
        path="/loan/create"
        element={
          <Guarded page="loan.create">
            <LoanCreate />
          </Guarded>
        }
      />
      <Route path="/loan/:caseId/amend" element={<LoanAmend />} />
      <Route
        path="/payments"
        element={
          <Guarded page="payments">
            <Payments />
          </Guarded>
        }
      />
      <Route
        path="/balances"
        element={
          <Guarded page="balances">
            <Balances />
          </Guarded>
        }
      />
      <Route path="/calendar" element={<Calendar />} />
      <Route path="/staff" element={<Staff />} />
      <Route
        path="/incidents"
        element={
          <Guarded page="incidents">
            <Incidents />
          </Guarded>
        }
      />
    </CustomRoutes>
  </Admin>
)
