import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { hashPassword } from '#api/passwords.ts'
import type { Config } from '#config.ts'
import { sandboxPaths } from '#contracts/machine/sandbox.ts'
import { connect } from '#db/connect.ts'
import { readFounding } from '#db/read/founding.ts'
import { seedCity, type CityOptions, type SeededCity } from '#db/seed/city.ts'
import type { OutsideWorld } from '#db/seed/outside.ts'
import { createVault } from '#db/vault.ts'

export type Founding = { readonly seeded: false } | ({ readonly seeded: true; readonly milliseconds: number } & SeededCity['counts'])

/**
 * Founds the demo city, once; finds it there on every later call and touches nothing. Outside and log-ins are told before the city is
 * committed: after a failure nothing stands half, and the next call tells them the same again.
 * @param size how many live there; a whole town unless said otherwise
 * @throws Error outside a demo: invented people have no place among real ones
 */
export async function foundCity(
  config: Config<'seed'>,
  demoPassword: string | undefined,
  size: Pick<CityOptions, 'contributors' | 'olderLoans' | 'openCases'> = {},
): Promise<Founding> {
  if (!config.DEMO) throw new Error('只有演示环境（DEMO=1）才能载入演示城市')
  const db = connect(config.DATABASE_URL, { max: 2, name: 'anju-seed' })
  try {
    if (await readFounding(db)) return { seeded: false }
    const began = performance.now()
    const vault = createVault({ dataKey: config.ANJU_DATA_KEY, hashKey: config.ANJU_HASH_KEY })
    // One password for everybody: it is a demo's, and stands in a file that only its owner reads.
    const password = demoPassword || randomBytes(9).toString('base64url')
    const { counts } = await seedCity(db, vault, {
      ...size,
      passwordHash: await hashPassword(password),
      beforeCommit: async ({ people, outside }) => {
        await loadOutside(outside, config.SANDBOX_URL_REGISTRY)
        if (config.DEMO_LOGINS_FILE) writeLogins(config.DEMO_LOGINS_FILE, { password, people })
      },
    })
    return { seeded: true, milliseconds: Math.round(performance.now() - began), ...counts }
  } finally {
    await db.destroy()
  }
}

/** The sandbox keeps all its houses at one address; its own control addresses stand beside them. */
async function loadOutside({ load, scripts }: OutsideWorld, sandboxUrl: string): Promise<void> {
  const send = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> => {
    const response = await fetch(new URL(path, sandboxUrl), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Well within the time that the database lets a transaction wait.
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`沙箱 ${path} 答复 ${response.status}`)
  }
  await send('POST', sandboxPaths.load, load)
  // What an earlier attempt has left would make silent sources silent twice.
  await send('DELETE', sandboxPaths.scripts)
  for (const script of scripts) await send('POST', sandboxPaths.scripts, script)
}

/** What the log-in page of a demo offers. Readable by the owner of the folder only, and either whole or not there. */
function writeLogins(file: string, logins: { readonly password: string; readonly people: SeededCity['people'] }): void {
  writeFileSync(`${file}.new`, JSON.stringify(logins, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
