import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { connect, type Db } from './connect.ts'

const FOLDER = fileURLToPath(new URL('../migrations/', import.meta.url))

/** The four roles of the application. None owns anything, none bypasses row-level security. */
export const ROLES = ['anju_read', 'anju_desk', 'anju_work', 'anju_batch'] as const
export type RoleName = (typeof ROLES)[number]

/**
 * Brings the database to the newest migration and sets the roles' passwords. Idempotent; forward only.
 * @param ownerUrl connection of the owner (not a superuser; may create roles)
 * @returns the names of the migrations applied now
 * @throws Error naming the migration that failed; what came before it stays applied
 */
export async function migrate({
  ownerUrl,
  rolePasswords,
}: {
  ownerUrl: string
  rolePasswords: Record<RoleName, string>
}): Promise<string[]> {
  const db = connect(ownerUrl, { max: 2, name: 'anju-migrate' })
  try {
    await createRoles(db, rolePasswords)
    const migrator = new Migrator({ db, provider: { getMigrations: readMigrations } })
    const { error, results } = await migrator.migrateToLatest()
    const failed = results?.find((result) => result.status === 'Error')
    if (error) throw new Error(`migration ${failed?.migrationName ?? '?'} failed`, { cause: error })
    await grantConnect(db)
    return (results ?? []).map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

/** Names of migrations on disk that the database has not seen. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const known = Object.keys(await readMigrations())
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(db).catch(() => ({ rows: [] }))
  const names = new Set(applied.rows.map((row) => row.name))
  return known.filter((name) => !names.has(name))
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort()
  const entries = files.map(async (file): Promise<[string, Migration]> => {
    const text = await readFile(FOLDER + file, 'utf8')
    return [file.replace('.sql', ''), { up: async (db) => void (await sql.raw(text).execute(db)) }]
  })
  return Object.fromEntries(await Promise.all(entries))
}

// Roles belong to the cluster, not to the database: another database of the same server may have made them, at this very moment too.
async function createRoles(db: Db, passwords: Record<RoleName, string>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('anju roles'))`.execute(tx)
    for (const role of ROLES) {
      const { rows } = await sql<{ found: boolean }>`select true as found from pg_roles where rolname = ${role}`.execute(tx)
      // Attributes are given once, by whoever makes the role; later only the password is set, which the maker may always do.
      const made =
        rows.length > 0
          ? sql`alter role ${sql.id(role)} with login`
          : sql`create role ${sql.id(role)} with login nosuperuser nocreatedb nocreaterole`
      await sql`${made} password ${sql.lit(passwords[role])}`.execute(tx)
    }
  })
}

async function grantConnect(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db)
  const database = sql.id(rows[0]?.name ?? '')
  await sql`revoke all on database ${database} from public`.execute(db)
  for (const role of ROLES) await sql`grant connect on database ${database} to ${sql.id(role)}`.execute(db)
}
