import { useEffect, useRef, useState } from 'react'
import { useLogin } from 'react-admin'
import { useLocation, useNavigate } from 'react-router'
import type { Credentials } from '../api/auth-provider.ts'
import { call, type Answer } from '../api/client.ts'
import { ApiProblem } from '../api/problem.ts'

/** Where a log-in stands: at its beginning, on the way to or from the identity provider, or at its other half. */
export type SignInStep =
  | { readonly at: 'FORM' }
  | { readonly at: 'PROVIDER' }
  | { readonly at: 'NEW_PASSWORD' }
  | { readonly at: 'CODE'; readonly after: 'PROVIDER' | 'NEW_PASSWORD' }
  | { readonly at: 'ENROLMENT'; readonly shown: Answer<'beginEnrolment'> }

export interface SignIn {
  readonly step: SignInStep
  readonly busy: boolean
  readonly error: unknown
  enter(credentials: Credentials): Promise<void>
  leaveForProvider(): Promise<void>
  /** Back to the beginning: what was half done is left to run out. */
  startOver(): void
  tell(error: unknown): void
}

/** The steps of a log-in. The server keeps the half that is done; the page only knows which half comes next. */
export function useSignIn(): SignIn {
  const [step, setStep] = useState<SignInStep>({ at: 'FORM' })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const login = useLogin()
  const { pathname, state } = useLocation()

  const attempt = async (work: () => Promise<unknown>, onProblem: (problem: unknown) => void): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (problem) {
      onProblem(problem)
      setBusy(false)
    }
  }
  const enter = (credentials: Credentials): Promise<void> =>
    attempt(
      () => login(credentials),
      (problem) => {
        const code = problem instanceof ApiProblem ? problem.code : undefined
        if (code === 'ENROLMENT_NEEDED') return void beginEnrolment()
        if (code === 'NEW_PASSWORD_NEEDED') return setStep({ at: 'NEW_PASSWORD' })
        // Without a password to send again, the code is asked for by itself.
        if (code === 'ONE_TIME_CODE_NEEDED' && !('staffNumber' in credentials))
          return setStep({ at: 'CODE', after: 'returned' in credentials ? 'PROVIDER' : 'NEW_PASSWORD' })
        if (code === 'STEP_OVER' || 'returned' in credentials) setStep({ at: 'FORM' })
        setError(problem)
      },
    )
  const beginEnrolment = (): Promise<void> =>
    attempt(
      async () => {
        setStep({ at: 'ENROLMENT', shown: await call('beginEnrolment', { body: {} }) })
        setBusy(false)
      },
      (problem) => {
        setStep({ at: 'FORM' })
        setError(problem)
      },
    )
  const leaveForProvider = (): Promise<void> =>
    attempt(async () => {
      const { address } = await call('departToProvider', { body: { returnTo: pageLeft(state) } })
      window.location.assign(address)
    }, setError)
  useReturn(pathname, (returned) => {
    setStep({ at: 'PROVIDER' })
    void enter({ returned })
  })
  const startOver = (): void => {
    setStep({ at: 'FORM' })
    setBusy(false)
    setError(undefined)
  }
  useComingBackUnused(startOver)
  return { step, busy, error, enter, leaveForProvider, startOver, tell: setError }
}

/** Takes what the identity provider sent back out of the address, once: it holds for one try, and belongs in no history. */
function useReturn(pathname: string, take: (returned: string) => void): void {
  const navigate = useNavigate()
  const taken = useRef(false)
  useEffect(() => {
    const { search } = window.location
    if (taken.current || !new URLSearchParams(search).has('state')) return
    taken.current = true
    void navigate(pathname, { replace: true })
    take(search.slice(1))
  })
}

/** Whoever turns back at the provider's page finds this one as it was left, kept by the browser: with its buttons waiting. */
function useComingBackUnused(startOver: () => void): void {
  useEffect(() => {
    const shown = ({ persisted }: PageTransitionEvent): void => void (persisted && startOver())
    window.addEventListener('pageshow', shown)
    return () => window.removeEventListener('pageshow', shown)
  })
}

/** The page from which react-admin sent somebody here. */
function pageLeft(state: unknown): string {
  const { nextPathname = '/', nextSearch = '' } = (state ?? {}) as { nextPathname?: string; nextSearch?: string }
  return nextPathname + nextSearch
}
