import { randomUUID } from 'node:crypto'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** How far a case has come, as a person who has it on the screen knows it. */
export interface Standing {
  readonly stage: string
  readonly stageVersion: number
}

/** A browser's way of talking to the API, without a browser: keeps its cookie, names its origin, sends our header. */
export class Browser {
  readonly origin: string
  /** By the page of the case, or by whatever else knows: what a page shows is the matter of tests that read it. */
  private readonly standingOf: (caseId: string) => Promise<Standing>
  private cookie = ''

  get cookieHeader(): string {
    return this.cookie
  }

  constructor(origin: string, standingOf?: (caseId: string) => Promise<Standing>) {
    this.origin = origin
    this.standingOf = standingOf ?? (async (caseId) => (await this.get<{ case: Standing }>(`/api/cases/${caseId}`)).case)
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        Origin: this.origin,
        'X-Anju': '1',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const set = response.headers.getSetCookie()[0]
    if (set) this.cookie = set.split(';')[0] ?? ''
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text }
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.send('GET', path)
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as T
  }

  /** A desk command under a fresh key. */
  command(method: 'POST' | 'PUT', path: string, body: unknown, key: string = randomUUID()): Promise<Answer> {
    return this.send(method, path, body, { 'Idempotency-Key': `"${key}"` })
  }

  /** Hands a file in as what it is. @returns the document that it became */
  async upload(caseId: string, material: string, file: File): Promise<string> {
    const form = new FormData()
    form.append('material', material)
    form.append('file', file)
    const response = await fetch(`${this.origin}/api/cases/${caseId}/documents`, {
      method: 'POST',
      headers: { Origin: this.origin, 'X-Anju': '1', Cookie: this.cookie, 'Idempotency-Key': `"${randomUUID()}"` },
      body: form,
    })
    if (response.status !== 201) throw new Error(`${material}: ${response.status} ${await response.text()}`)
    return ((await response.json()) as { documentId: string }).documentId
  }

  /** A decision on a case as it stands now, or at a version given. */
  async decide(caseId: string, decision: Record<string, unknown>, options: { key?: string; version?: number } = {}): Promise<Answer> {
    const version = options.version ?? (await this.standingOf(caseId)).stageVersion
    return this.send('POST', `/api/cases/${caseId}/decisions`, decision, {
      'Idempotency-Key': `"${options.key ?? randomUUID()}"`,
      'If-Match': `"v${version}"`,
    })
  }

  /** Waits until the case stands in one of the stages. @throws Error after the time is over */
  async waitFor(caseId: string, stages: readonly string[], milliseconds = 20_000): Promise<string> {
    const until = performance.now() + milliseconds
    for (;;) {
      const { stage } = await this.standingOf(caseId)
      if (stages.includes(stage)) return stage
      if (performance.now() > until) throw new Error(`case stays in ${stage}, not ${stages.join('/')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
