import type { Db } from '#db/connect.ts'
import type { Vault } from '#db/vault.ts'
import type { Ports } from './ports/ports.ts'

/** What activities are made of. Composed once, in `bin/worker.ts`; there is no other way to a database, a key or the world outside. */
export interface Parts {
  readonly db: Db
  readonly vault: Vault
  readonly ports: Ports
}
