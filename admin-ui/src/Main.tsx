import { QueryCache, QueryClient } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { App } from './App.tsx'
import { ApiProblem } from './api/problem.ts'
import { currentMe, loseMe } from './api/session.ts'
import { serverStore } from './api/store.ts'
import { pageAt } from './fetched-pages.ts'

/** A session that has ended sends the reader to the log-in page; what was typed into a form stays, because commands do not pass here. */
const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      // Before anybody has signed in, react-admin itself leads to the log-in page.
      if (!(error instanceof ApiProblem) || error.code !== 'NOT_SIGNED_IN' || !currentMe()) return
      const { pathname, search } = window.location
      loseMe()
      serverStore.reset()
      // The next person at this desk may be another one.
      queryClient.clear()
      void router.navigate('/login', { state: { nextPathname: pathname, nextSearch: search } })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer; only a silence is worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
    },
  },
})

// A data router: react-admin's warning about unsaved changes works with no other. Real addresses, so that a case can be mailed.
const router = createBrowserRouter([{ path: '*', element: <App queryClient={queryClient} /> }])

// Fetched before anything is shown, the first page appears at once with what is around it. Without it, the page itself says what is wrong.
await pageAt(window.location.pathname)
  ?.fetch()
  .catch(() => undefined)

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
)
