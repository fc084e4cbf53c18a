import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ProviderProcess {
  kill(): Promise<void>
}

/** Starts the identity provider of `oidc-provider.ts` and waits until it listens. @throws Error when it ends before that */
export async function spawnProvider(given: {
  issuer: string
  clientId: string
  clientSecret: string
  redirectUri: string
}): Promise<ProviderProcess> {
  const program = fileURLToPath(new URL('oidc-provider.ts', import.meta.url))
  const args = [program, given.issuer, given.clientId, given.clientSecret, given.redirectUri]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] } })
  await ready(child)
  return {
    async kill() {
      const ended = once(child, 'exit')
      if (child.kill('SIGKILL')) await ended
    },
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the identity provider ended with ${code}`)))
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('ready ') && resolve())
  })
}

/** A browser's cookies by origin, and its way through the redirects of another house: every hop is one request that is looked at. */
export class Traveller {
  private readonly jar = new Map<string, Map<string, string>>()

  async send(address: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(address)
    const cookies = this.jar.get(origin) ?? new Map<string, string>()
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(address, {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, ...(cookie ? { Cookie: cookie } : {}) },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    this.jar.set(origin, cookies)
    return answer
  }

  cookie(origin: string, name: string): string | undefined {
    return this.jar.get(origin)?.get(name)
  }

  /**
   * From the address we are sent to, through the provider's own log-in and consent pages, to the address we are sent back to.
   * @returns that address, not yet visited
   */
  async through(address: string, login: string, home: string): Promise<URL> {
    let here = address
    for (let hops = 0; hops < 20; hops++) {
      const answer = await this.send(here)
      const next = answer.headers.get('location')
      if (next) {
        here = new URL(next, here).href
        if (here.startsWith(home)) return new URL(here)
        continue
      }
      const page = await answer.text()
      // One hidden field says which of the two questions the page asks.
      const [, field = '', question] = /name="(\w+)" value="(login|consent)"/.exec(page) ?? []
      if (!question) throw new Error(`the provider shows neither form nor way on: ${answer.status} ${page.slice(0, 300)}`)
      const form = new URLSearchParams({ [field]: question, ...(question === 'login' ? { login, password: 'anything' } : {}) })
      const given = await this.send(here, { method: 'POST', body: form })
      here = new URL(given.headers.get('location') ?? '', here).href
      if (here.startsWith(home)) return new URL(here)
    }
    throw new Error('the provider never sends anybody back')
  }
}
