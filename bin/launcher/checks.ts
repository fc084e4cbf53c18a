import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { ConfigError, loadConfig, type ProcessName } from '#config.ts'
import { connect, type Db } from '#db/connect.ts'
import { pendingMigrations } from '#db/migrate.ts'
import { findChromium } from '../../tools/chromium.ts'
import { cacheFolderOf, projectFolder } from '../../tools/folders.ts'
import { canConnect } from '../../tools/processes.ts'
import { temporalSource } from '../../tools/temporal.ts'

/** What a check found. `cure` is the command, or the sentence, that mends it. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  readonly cure?: string
}

/** What the checks look at. A test replaces what it wants broken. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly nodeVersion: string
  readonly dataFolder: string
  readonly fontFolder: string
  readonly freeBytes: (folder: string) => number
  /** The machine clock, milliseconds since 1970. */
  readonly nowMs: () => number
  /** The hour of the first instant of 1970 in a zone. @throws RangeError for a zone that this Node does not know */
  readonly hourIn: (zone: string) => string
  /** Where a Temporal server of our own could come from; undefined when from nowhere. */
  readonly temporalSource: () => string | undefined
}

/** What the launcher’s checks look at, as it is on this machine. */
export const realSurroundings = (env: NodeJS.ProcessEnv, dataFolder: string): Surroundings => ({
  env,
  nodeVersion: process.versions.node,
  dataFolder,
  fontFolder: join(projectFolder, 'assets', 'fonts'),
  freeBytes: (folder) => {
    const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : projectFolder)
    return bavail * bsize
  },
  nowMs: () => performance.timeOrigin + performance.now(),
  hourIn: (zone) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(0),
  temporalSource: () => temporalSource(cacheFolderOf(env), env),
})

/** Every check, in the order in which one would mend things: nothing below can be right while something above is wrong. */
export async function examine(around: Surroundings): Promise<Finding[]> {
  const found: Finding[] = [node(around), disk(around), fonts(around), environment(around), zone(around), temporalProgram(around)]
  found.push(...(await withDatabase(around)))
  found.push(await temporal(around), await api(around), await chromium(around))
  return found
}

const GIB = 1024 ** 3
const START = 'npm start'
const FOUND = '生产：npm run -s anju -- found --file centre.json（--example 打印样本）；演示：npm run -s anju -- seed'

function node({ nodeVersion }: Surroundings): Finding {
  return Number(nodeVersion.split('.')[0]) >= 24
    ? good('Node', nodeVersion)
    : bad('Node', `${nodeVersion}，需要 24 以上`, 'npm ci（随包带有 Node 24），再用 npm 脚本运行')
}

/** A year of a small centre with its audit takes a few GB; below two, PostgreSQL is the first to stop. */
function disk({ dataFolder, freeBytes }: Surroundings): Finding {
  const free = freeBytes(dataFolder)
  const detail = `${dataFolder} 剩余 ${(free / GIB).toFixed(1)} GB`
  return free >= 2 * GIB ? good('磁盘', detail) : bad('磁盘', `${detail}，至少 2 GB`, '清理磁盘，或用 ANJU_DATA 换一个数据目录')
}

/** The papers' fonts, byte for byte: a damaged font prints a letter with holes. */
function fonts({ fontFolder }: Surroundings): Finding {
  const list = join(fontFolder, 'SHA256SUMS')
  const cure = 'git checkout -- assets/fonts'
  if (!existsSync(list)) return bad('字体', `缺少 ${list}`, cure)
  const entries = readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))
  const broken = entries.filter(([sum = '', name = '']) => sum !== sha256OfFile(join(fontFolder, name))).map(([, name]) => name)
  return broken.length === 0 ? good('字体', `${entries.length} 个文件完好`) : bad('字体', `缺失或损坏：${broken.join('、')}`, cure)
}

/** The variables of the long-running processes: present, long enough, keys that are keys. */
function environment({ env }: Surroundings): Finding {
  const wrong = new Set((['api', 'worker'] satisfies ProcessName[]).flatMap((name) => complaints(env, name)))
  if (wrong.size === 0) return good('环境变量与密钥', '齐全')
  return bad('环境变量与密钥', [...wrong].join('；'), `演示：${START}；生产：按 docker-compose.yml 开头的表设置`)
}

function complaints(env: NodeJS.ProcessEnv, name: ProcessName): string[] {
  try {
    loadConfig(env, name)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
}

/** Every date of the house is one of Shanghai; a Node without the world's zones would be eight hours off, in silence. */
function zone({ hourIn }: Surroundings): Finding {
  const cure = 'npm ci（重装 Node 24，须带完整的 ICU 时区数据）'
  try {
    return hourIn('Asia/Shanghai').startsWith('08') ? good('时区', 'Asia/Shanghai') : bad('时区', 'Asia/Shanghai 的时差不是 8 小时', cure)
  } catch {
    return bad('时区', 'Node 不认识 Asia/Shanghai', cure)
  }
}

/** A server of somebody else's needs no program of ours. */
function temporalProgram({ temporalSource: source }: Surroundings): Finding {
  const found = source()
  return found === undefined
    ? bad(
        'Temporal 程序',
        '没有 temporal 命令、缓存的程序，也没有可用来编译的 Go',
        '安装 temporal 命令（https://docs.temporal.io/cli）或 Go 1.26 以上，或设置 TEMPORAL_ADDRESS',
      )
    : good('Temporal 程序', found)
}

async function withDatabase(around: Surroundings): Promise<Finding[]> {
  const url = around.env['DATABASE_URL_READ']
  if (!url) return [bad('PostgreSQL', '未设置 DATABASE_URL_READ，也没有正在运行的演示', START)]
  const db = connect(url, { max: 1, name: 'anju-doctor' })
  try {
    const { rows } = await sql<{ version: string; ms: string }>`
      select current_setting('server_version') as version, (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms`.execute(db)
    const reached = good('PostgreSQL', rows[0]?.version ?? '')
    const driftMs = Math.abs(Number(rows[0]?.ms) - around.nowMs())
    return [reached, clock(driftMs), await migrations(db), await calendar(db)]
  } catch (error) {
    return [bad('PostgreSQL', `连接失败：${messageOf(error)}`, START)]
  } finally {
    await db.destroy()
  }
}

function clock(driftMs: number): Finding {
  const detail = `本机与数据库相差 ${(driftMs / 1000).toFixed(1)} 秒`
  return driftMs <= 5_000 ? good('时钟', detail) : bad('时钟', `${detail}，最多 5 秒`, 'timedatectl set-ntp true（两台机器都校时）')
}

async function migrations(db: Db): Promise<Finding> {
  const pending = await pendingMigrations(db)
  return pending.length === 0 ? good('数据库结构', '最新') : bad('数据库结构', `未执行：${pending.join('、')}`, 'node bin/migrate.ts')
}

/** A year that is not loaded stops every deadline that reaches it. Which year it is, the business clock says. */
async function calendar(db: Db): Promise<Finding> {
  const cure = 'npm run -s anju -- calendar --help（载入国务院办公厅节假日安排）'
  try {
    const { rows } = await sql<{ year: number }>`
      select y.year from (select extract(year from business_today())::int as this) t, generate_series(t.this, t.this + 1) as y(year)
      where not exists (select from calendar_year c where c.year = y.year) order by 1`.execute(db)
    const { rows: clocks } = await sql<{ today: string | null }>`select business_today() as today`.execute(db)
    if (!clocks[0]?.today) return bad('工作日历', '业务时钟尚未建立：库里还没有中心', FOUND)
    if (rows.length === 0) return good('工作日历', `${clocks[0].today.slice(0, 4)} 年与次年已载入`)
    return bad('工作日历', `未载入：${rows.map(({ year }) => `${year} 年`).join('、')}`, cure)
  } catch (error) {
    return bad('工作日历', messageOf(error), cure)
  }
}

async function temporal({ env }: Surroundings): Promise<Finding> {
  const address = env['TEMPORAL_ADDRESS']
  if (!address) return bad('Temporal', '未设置 TEMPORAL_ADDRESS，也没有正在运行的演示', START)
  return (await answersAt(address)) ? good('Temporal', address) : bad('Temporal', `${address} 无应答`, START)
}

async function api({ env }: Surroundings): Promise<Finding> {
  const address = `${env['API_HOST'] ?? '127.0.0.1'}:${env['API_PORT'] ?? '8080'}`
  if (!(await answersAt(address))) return bad('接口端口', `${address} 无应答`, START)
  if (await isOurs(address)) return good('接口端口', address)
  return bad('接口端口', `${address} 被其他程序占用`, `${START}（自动改用下一个空闲端口），或用 API_PORT 指定`)
}

/** Whoever else has taken the port does not answer like us. */
async function isOurs(address: string): Promise<boolean> {
  try {
    const response = await fetch(`http://${address}/healthz`, { signal: AbortSignal.timeout(3_000) })
    return response.ok && isHealthy(await response.json())
  } catch {
    return false
  }
}

const isHealthy = (body: unknown): boolean => typeof body === 'object' && body !== null && 'ok' in body && body.ok === true

async function answersAt(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':')
  return canConnect(address.slice(0, colon), Number(address.slice(colon + 1)))
}

async function chromium({ env }: Surroundings): Promise<Finding> {
  try {
    const { executablePath } = await findChromium(env)
    return good('浏览器（测试用）', executablePath)
  } catch (error) {
    return bad('浏览器（测试用）', messageOf(error), 'npm ci，或把 CHROMIUM 设为可运行的浏览器')
  }
}

const sha256OfFile = (path: string): string => (existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : '')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error))
const good = (name: string, detail: string): Finding => ({ name, ok: true, detail })
const bad = (name: string, detail: string, cure: string): Finding => ({ name, ok: false, detail, cure })
