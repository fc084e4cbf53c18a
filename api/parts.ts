import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { Me } from '#contracts/api/session.ts'
import type { Db } from '#db/connect.ts'
import type { PostHeld } from '#db/read/actor.ts'
import type { CounterpartKeys } from '#activities/ports/keys.ts'
import type { Ports } from '#activities/ports/ports.ts'
import type { MachineClock } from '#db/machine-clock.ts'
import type { Vault } from '#db/vault.ts'
import type { CaseEngine } from './engine.ts'
import type { IdentityProvider } from './identity-provider.ts'

/** What the API is made of; composed once in `bin/api.ts`. */
export interface ApiParts {
  /** Read role: sees rows of the context set for the transaction, and cannot write. */
  readonly reader: Db
  /** Desk role: sessions, receipts, claims, drafts, new cases with their outbox row, the log of reads. */
  readonly desk: Db
  /** Calls back when a case has moved, in this process or any other; calls can be lost. */
  readonly listen: (moved: () => void) => { end(): Promise<void> }
  readonly engine: CaseEngine
  readonly vault: Vault
  readonly log: Logger
  readonly origin: string
  readonly production: boolean
  readonly session: { readonly idleMinutes: number; readonly absoluteHours: number }
  /** The house's identity provider; undefined where none is configured. */
  readonly oidc: IdentityProvider | undefined
  /** How many reverse proxies of ours stand before this process, whose word on a request's source is taken. */
  readonly proxyHops: number
  /** The demo's people with their log-ins; undefined anywhere else. */
  readonly demo: DemoLogins | undefined
  readonly ports: Ports
  /** Public keys of machine clients, by key id. */
  readonly peerKeys: CounterpartKeys
  readonly machineKey: { readonly keyId: string; readonly privateKey: KeyObject }
  readonly clock: MachineClock
  readonly consoleFolder: string | undefined
}

export interface DemoLogins {
  readonly password: string
  readonly people: readonly {
    readonly staffNumber: string
    readonly name: string
    readonly orgName: string
    readonly posts: readonly string[]
    readonly totpSecret: string | null
  }[]
}

/** The person behind a request: who, with which posts today, and which organisations they may look into. */
export interface SignedIn {
  readonly staffId: string
  readonly staffNumber: string
  readonly name: string
  readonly orgId: string
  readonly orgName: string
  readonly orgKind: string
  readonly reportingEntity: string
  readonly posts: readonly PostHeld[]
  readonly orgsInSight: readonly string[]
  readonly groups: readonly string[]
  readonly tokenHash: Buffer
  readonly businessDate: Me['businessDate']
}
