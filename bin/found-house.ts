import { createHash, randomUUID } from 'node:crypto'
import { newInitialPassword } from '#api/initial-password.ts'
import { hashPassword } from '#api/passwords.ts'
import type { Config } from '#config.ts'
import type { PlainDate } from '#contracts/dates.ts'
import type { FoundingCentre, FoundingFile } from '#contracts/founding.ts'
import { connect, type Db } from '#db/connect.ts'
import { pendingMigrations } from '#db/migrate.ts'
import { isOwner, readFounding, wallDate } from '#db/read/founding.ts'
import { createVault } from '#db/vault.ts'
import { AlreadyFounded, foundHouse, recordFounding, type FirstBankAccount, type FirstPerson, type NewHouse } from '#db/write/founding.ts'
import { publishedRows } from '#policy/published.ts'
import { accountName } from './account-name.ts'
import { Refused } from './command-line.ts'

/** A first person and how they come in, once. */
export interface Admitted {
  readonly person: FirstPerson
  readonly password: string
}

export interface FoundingOptions {
  /** What the file says, judged on the day of the founding. @throws Refused */
  readonly read: (on: PlainDate) => FoundingFile
  /** The very text that was reviewed. */
  readonly text: string
  readonly dryRun: boolean
  /**
   * Tells the initial passwords, before the house becomes true: when it throws, nobody has been founded and the passwords open nothing. Not
   * called in a dry run, which has none.
   */
  readonly tell: (house: NewHouse, admitted: readonly Admitted[]) => Promise<void>
}

/** Ends a dry run: everything has been written and checked, and none of it stays. */
class RolledBack extends Error {
  override readonly name = 'RolledBack'
}

/**
 * Founds a real house from a reviewed file, once, in one transaction of the owner.
 * @returns what was written, or in a dry run would have been
 * @throws Refused when the connection is not the owner's, or the database is not migrated or is a house already
 */
export async function foundFromFile(config: Config<'found'>, options: FoundingOptions): Promise<NewHouse> {
  const db = connect(config.DATABASE_URL, { max: 2, name: 'anju-found' })
  try {
    await guardEmpty(db)
    const vault = createVault({ dataKey: config.ANJU_DATA_KEY, hashKey: config.ANJU_HASH_KEY })
    const today = await wallDate(db)
    const { centres } = options.read(today)
    const admitted = await Promise.all(centres.flatMap(({ staff }) => staff).map((one) => admit(one, options.dryRun)))
    const people = admitted.map(({ person }) => person)
    const house = { ...houseOf(centres, today), people }
    const record = { operator: accountName(), fileDigest: createHash('sha256').update(options.text).digest('hex') }
    const writing = db.transaction().execute(async (tx) => {
      await foundHouse(tx, house, vault)
      await recordFounding(tx, house, record)
      if (options.dryRun) throw new RolledBack()
      await options.tell(house, admitted)
    })
    await writing.catch(async (error: unknown) => {
      if (error instanceof AlreadyFounded) throw new Refused(await foundedText(db))
      if (!(error instanceof RolledBack)) throw error
    })
    return house
  } finally {
    await db.destroy()
  }
}

async function guardEmpty(db: Db): Promise<void> {
  if (!(await isOwner(db))) throw new Refused('DATABASE_URL 不是库的所有者；建立与迁移用同一连接，办理业务的角色不能建立')
  const pending = await pendingMigrations(db)
  if (pending.length > 0) throw new Refused(`数据库尚未迁移到最新结构，未执行：${pending.join('、')}\n（先运行 node bin/migrate.ts）`)
  if (await readFounding(db)) throw new Refused(await foundedText(db))
}

/** By what the database is a house already. */
async function foundedText(db: Db): Promise<string> {
  const founded = await readFounding(db)
  const when = founded?.at ? `，建立于 ${founded.at.slice(0, 19)}Z` : ''
  const what = founded?.demo ? '演示城市' : '中心'
  return `库中已有${what}：${founded?.centres.join('、') || '（只有其他机构）'}${when}。建立只能办理一次，未作任何改动；增补人员由系统管理员提出入职`
}

/** Makes a person of an entry: with an initial password, or for a dry run with none. */
async function admit(entry: FoundingCentre['staff'][number], dryRun: boolean): Promise<Admitted> {
  const password = dryRun ? '' : newInitialPassword()
  const person: FirstPerson = {
    ...entry,
    staffId: randomUUID(),
    passwordHash: dryRun ? null : await hashPassword(password),
    mustChangePassword: true,
    // Whoever needs one enrols at their first log-in: a secret that was printed would be somebody else's as well.
    totpSecret: null,
  }
  return { person, password }
}

const houseOf = (centres: readonly FoundingCentre[], today: PlainDate): Omit<NewHouse, 'people'> => ({
  clock: { mode: 'WALL', date: today },
  values: publishedRows,
  orgs: centres.flatMap(orgsOf),
  since: today,
  bankAccounts: centres.flatMap(bankAccountsOf),
})

type Org = NewHouse['orgs'][number]

function orgsOf(centre: FoundingCentre): Org[] {
  const org = (kind: Org['kind'], one: { id: string; name: string; shortName: string }, parent: string | null = null): Org => ({
    org_id: one.id,
    kind,
    name: one.name,
    short_name: one.shortName,
    parent_org_id: parent,
    reporting_entity: centre.entity,
  })
  return [
    org('CENTRE', centre),
    ...centre.branches.map((one) => org('BRANCH', one, centre.id)),
    ...centre.banks.map((one) => org('BANK', one)),
    ...centre.guarantors.map((one) => org('GUARANTOR', one)),
    ...centre.courts.map((one) => org('COURT', one)),
  ]
}

const bankAccountsOf = ({ id, entity, banks }: FoundingCentre): FirstBankAccount[] =>
  banks.flatMap((bank) => {
    const at = { centreOrgId: id, bankOrgId: bank.id, reportingEntity: entity }
    const deposit = { ...at, ledgerCode: '10101', ...bank.depositAccount } as const
    return bank.surplusAccount ? [deposit, { ...at, ledgerCode: '10201', ...bank.surplusAccount } as const] : [deposit]
  })
