import { createServer, type AddressInfo } from 'node:net'
import type { Ports } from '../../bin/launcher/ports.ts'

/** A port nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/**
 * A port for each server of a demo, from among those the system gives out: files that run beside one another would all choose the first that is
 * free of the demo's own.
 */
export async function freePorts(): Promise<Ports> {
  const [api, sandbox, postgres, temporal, temporalUi] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()])
  return { api, sandbox, postgres, temporal, temporalUi }
}
