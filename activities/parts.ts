import type { Db } from '#db/connect.ts'
import type { Vault } from '#db/vault.ts'
import type { Ports } from './ports/ports.ts'

/**
 * What activities are made of: there is no other way to a database, a key or the world outside. `bin/worker.ts` composes it; what the API asks
 * of the same functions it is given out of its own (`api/parts.ts`).
 */
export interface Parts {
  readonly db: Db
  readonly vault: Vault
  readonly ports: Ports
}
