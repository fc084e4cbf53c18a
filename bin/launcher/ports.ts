import { freePort } from '../../tools/processes.ts'

/** Where each server of a demo would like to listen, on 127.0.0.1. */
const preferred = { api: 8080, sandbox: 8090, postgres: 54329, temporal: 7233, temporalUi: 8233 }

export type Ports = typeof preferred

/** The preferred ports, each replaced by the next free one when taken, and that said. `API_PORT` overrides the console's. */
export async function choosePorts(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<Ports> {
  const chosen = { ...preferred, ...(env['API_PORT'] && { api: Number(env['API_PORT']) }) }
  const given = new Set<number>()
  for (const name of ['api', 'sandbox', 'postgres', 'temporal', 'temporalUi'] as const) {
    const wanted = chosen[name]
    let port = await freePort(wanted)
    while (given.has(port)) port = await freePort(port + 1)
    if (port !== wanted) say(`端口 ${wanted} 已被占用，改用 ${port}`)
    given.add(port)
    chosen[name] = port
  }
  return chosen
}
