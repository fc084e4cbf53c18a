import { createApi } from '#api/server.ts'
import { connect } from '#db/connect.ts'
import type { House } from '../setup/house.ts'
import { freePort } from '../setup/free-port.ts'
import { Visitor } from './visitor.ts'

/** A second process of the same API, as far as anything but memory can tell: its own connections to the same database, its own port. */
export async function startDoor(house: House, { proxyHops = 0 } = {}): Promise<{ door: Visitor; end(): Promise<void> }> {
  const [reader, desk] = [connect(house.database.readUrl, { max: 2 }), connect(house.database.deskUrl, { max: 8 })]
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const api = createApi({ ...house.apiParts, reader, desk, origin, proxyHops, consoleFolder: undefined })
  await new Promise<void>((resolve) => api.server.listen(port, '127.0.0.1', resolve))
  return {
    door: new Visitor({ ...house, origin }, 'nobody', undefined),
    async end() {
      await api.close()
      await Promise.all([reader.destroy(), desk.destroy()])
    },
  }
}
