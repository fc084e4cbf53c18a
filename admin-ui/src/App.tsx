import type { QueryClient } from '@tanstack/react-query'
import polyglotI18nProvider from 'ra-i18n-polyglot'
import type { ReactNode } from 'react'
import { Admin, CustomRoutes, Notification, Resource } from 'react-admin'
import { Route } from 'react-router'
import { authProvider, maySee } from './api/auth-provider.ts'
import { dataProvider } from './api/data-provider.ts'
import { useMe } from './api/session.ts'
import { serverStore } from './api/store.ts'
import { PAGES } from './fetched-pages.ts'
import { zh } from './i18n/zh.ts'
import { ForbiddenPage, NotFoundPage } from './layout/Problems.tsx'
import { Shell } from './layout/Shell.tsx'
import { LoginPage } from './login/LoginPage.tsx'
import { darkTheme, lightTheme } from './theme.ts'

// Notices carry finished sentences, not keys; what looks like a raw key on a page is found by the journey that walks every page.
const i18nProvider = polyglotI18nProvider(() => zh, 'zh', { allowMissing: true })

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
    dashboard={PAGES.home}
    catchAll={NotFoundPage}
    accessDenied={ForbiddenPage}
    requireAuth
    disableTelemetry
  >
    <Resource name="todo" list={PAGES.todo} />
    <Resource name="done" list={PAGES.done} />
    <Resource name="started" list={PAGES.started} />
    <Resource name="copied" list={PAGES.copied} />
    <Resource name="cases" list={PAGES.cases} edit={PAGES.case} />
    <CustomRoutes>
      <Route
        path="/loan/create"
        element={
          <Guarded page="loan.create">
            <PAGES.loanCreate />
          </Guarded>
        }
      />
      <Route path="/loan/:caseId/amend" element={<PAGES.loanAmend />} />
      <Route
        path="/payments"
        element={
          <Guarded page="payments">
            <PAGES.payments />
          </Guarded>
        }
      />
      <Route
        path="/balances"
        element={
          <Guarded page="balances">
            <PAGES.balances />
          </Guarded>
        }
      />
      <Route path="/calendar" element={<PAGES.calendar />} />
      <Route path="/staff" element={<PAGES.staff />} />
      <Route
        path="/incidents"
        element={
          <Guarded page="incidents">
            <PAGES.incidents />
          </Guarded>
        }
      />
    </CustomRoutes>
  </Admin>
)
