import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoLogins } from '#api/parts.ts'
import type { CaseView } from '#contracts/api/cases.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
  /** Where a command is followed that is under way. */
  readonly location: string | null
}

/** A case must move within this, deaths and restarts included; two minutes would already be a person who calls the help desk. */
const PATIENCE_MILLISECONDS = 90_000
const PAUSE_MILLISECONDS = 150

/**
 * A person at a console: keeps the key of a command until it is answered, and repeats it unchanged while the house does not answer or says that
 * it is not well. What the house says it has received is never sent again, only followed.
 */
export class Clerk {
  readonly staffNumber: string
  private readonly origin: string
  private readonly password: string
  private readonly beforeCode: () => Promise<void>
  private cookie = ''

  /** @param beforeCode done before a code is asked for: it counts once in half a minute, and stories follow one another faster than that */
  constructor(origin: string, password: string, staffNumber: string, beforeCode: () => Promise<void>) {
    this.origin = origin
    this.password = password
    this.staffNumber = staffNumber
    this.beforeCode = beforeCode
  }

  async signIn(): Promise<this> {
    const code = await this.oneTimeCode()
    const body = { staffNumber: this.staffNumber, password: this.password, ...(code ? { oneTimeCode: code } : {}) }
    const answer = await this.untilAnswered('POST', '/api/session', body)
    if (answer.status !== 200) throw new Error(`${this.staffNumber} cannot sign in: ${JSON.stringify(answer.body)}`)
    return this
  }

  async see(caseId: string): Promise<CaseView> {
    const { status, body } = await this.untilAnswered('GET', `/api/cases/${caseId}`)
    if (status !== 200) throw new Error(`${this.staffNumber} cannot see the case: ${status} ${JSON.stringify(body)}`)
    return body as CaseView
  }

  /** @returns the stage it came to @throws Error when the case stays elsewhere */
  async waitFor(caseId: string, ...stages: readonly string[]): Promise<string> {
    const until = performance.now() + PATIENCE_MILLISECONDS
    for (;;) {
      const { case: kase } = await this.see(caseId)
      if (stages.includes(kase.stage)) return kase.stage
      if (performance.now() > until) throw new Error(`the case stays in ${kase.stage} instead of ${stages.join(' or ')}`)
      await sleep(PAUSE_MILLISECONDS)
    }
  }

  /** A desk command. @returns its answer's body @throws Error when it is refused */
  async command(path: string, body: unknown): Promise<unknown> {
    return this.done(await this.untilAnswered('POST', path, body, { 'Idempotency-Key': `"${randomUUID()}"` }), path)
  }

  /** Looks at something. @throws Error when they may not */
  async look(path: string): Promise<unknown> {
    return this.done(await this.untilAnswered('GET', path), path)
  }

  /** Hands a file in. @returns the document that it became @throws Error when it is refused */
  async upload(caseId: string, material: string, file: File): Promise<string> {
    const form = new FormData()
    form.append('material', material)
    form.append('file', file)
    return ((await this.command(`/api/cases/${caseId}/documents`, form)) as { documentId: string }).documentId
  }

  /** A decision on the case as it stands. @throws Error when it is refused */
  async decide(caseId: string, decision: Readonly<Record<string, unknown>>): Promise<void> {
    const { stageVersion } = (await this.see(caseId)).case
    const headers = { 'Idempotency-Key': `"${randomUUID()}"`, 'If-Match': `"v${stageVersion}"` }
    const path = `/api/cases/${caseId}/decisions`
    let answer = await this.untilAnswered('POST', path, decision, headers)
    // The code was not spent when the receipt was lost with its process; by now it may be too old. What is refused stays so under its key: a
    // further try is a command of its own, as in the console.
    for (let tries = 0; 'oneTimeCode' in decision && answer.status === 403 && tries < 3; tries++) {
      const again = { ...headers, 'Idempotency-Key': `"${randomUUID()}"` }
      answer = await this.untilAnswered('POST', path, { ...decision, oneTimeCode: await this.oneTimeCode() }, again)
    }
    this.done(answer, `${caseId} ${String(decision['action'])}`)
  }

  /** A decision on the case as it stood once. @throws Error when it is not refused */
  async decidesTooLate(caseId: string, stageVersion: number, decision: Readonly<Record<string, unknown>>): Promise<void> {
    const headers = { 'Idempotency-Key': `"${randomUUID()}"`, 'If-Match': `"v${stageVersion}"` }
    const { status, body } = await this.untilAnswered('POST', `/api/cases/${caseId}/decisions`, decision, headers)
    if (status !== 409 && status !== 412) throw new Error(`what comes too late is not refused: ${status} ${JSON.stringify(body)}`)
  }

  async staffId(): Promise<string> {
    return ((await this.untilAnswered('GET', '/api/session')).body as { staffId: string }).staffId
  }

  /** The demo's own way to a code. Null for who needs none to sign in. */
  async oneTimeCode(): Promise<string | null> {
    await this.beforeCode()
    const { body } = await this.untilAnswered('POST', '/api/demo/one-time-code', { staffNumber: this.staffNumber })
    return (body as { oneTimeCode: string | null }).oneTimeCode
  }

  private done({ status, body }: Answer, what: string): unknown {
    if (status >= 300) throw new Error(`${this.staffNumber} ${what}: ${status} ${JSON.stringify(body)}`)
    return body
  }

  private async untilAnswered(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const until = performance.now() + PATIENCE_MILLISECONDS
    for (;;) {
      const answer = await this.send(method, path, body, headers).catch(() => undefined)
      if (answer?.status === 202 && answer.location) return this.untilAnswered('GET', answer.location)
      if (answer && !isUnanswered(answer)) return answer
      if (performance.now() > until) throw new Error(`${path} is never answered: ${JSON.stringify(answer ?? 'no connection')}`)
      await sleep(PAUSE_MILLISECONDS)
    }
  }

  private async send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const isForm = body instanceof FormData
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        Origin: this.origin,
        'X-Anju': '1',
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...(body === undefined || isForm ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(20_000),
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    const [set] = response.headers.getSetCookie()
    if (set) this.cookie = set.split(';')[0] ?? ''
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
    return { status: response.status, body: text && isJson ? JSON.parse(text) : undefined, location: response.headers.get('Location') }
  }
}

/** Not yet, not now: what a console asks again. */
const isUnanswered = ({ status, body }: Answer): boolean => {
  const { code, state } = (body ?? {}) as { code?: string; state?: string }
  return status >= 500 || (status === 409 && code === 'STILL_RUNNING') || (status === 200 && state === 'RUNNING')
}

/** Everybody who takes part, each signed in once for as long as they stay. */
export class Office {
  private readonly people = new Map<string, Promise<Clerk>>()
  private readonly origin: string
  private readonly logins: DemoLogins
  private readonly branch: string
  private readonly beforeCode: () => Promise<void>

  constructor(origin: string, logins: DemoLogins, branch: string, beforeCode: () => Promise<void> = async () => {}) {
    this.origin = origin
    this.logins = logins
    this.branch = branch
    this.beforeCode = beforeCode
  }

  /** Whoever holds the post at the organisation; at the branch, or its centre, when none is named. */
  person(post: string, orgName?: string): Promise<Clerk> {
    const holders = this.logins.people.filter((one) => one.posts.includes(post) && (orgName === undefined || one.orgName === orgName))
    const found = holders.find((one) => one.orgName === this.branch) ?? holders[0]
    if (!found) throw new Error(`nobody holds ${post}`)
    const known =
      this.people.get(found.staffNumber) ?? new Clerk(this.origin, this.logins.password, found.staffNumber, this.beforeCode).signIn()
    this.people.set(found.staffNumber, known)
    return known
  }
  /** Whoever is in. */
  roll(): ReadonlySet<string> {
    return new Set(this.people.keys())
  }

  /** Everybody else goes home, and comes in anew when asked for again. */
  keepOnly(staying: ReadonlySet<string>): void {
    for (const staffNumber of this.roll()) if (!staying.has(staffNumber)) this.people.delete(staffNumber)
  }
}
