import { z } from 'zod'
import { ConfigError, loadConfig, type Config } from '#config.ts'
import { foundingFile } from '#contracts/founding.ts'
import { exampleFounding } from '#contracts/founding-example.ts'
import { ORG_KINDS, POSTS, type OrgKind } from '#contracts/posts.ts'
import { calendarYears } from '#db/calendar/years.ts'
import type { NewHouse } from '#db/write/founding.ts'
import { ENTITIES, SCOPES } from '#policy/scopes.ts'
import { mayFound } from '#rules/founding/may-found.ts'
import { answering, readOptions, Refused, required } from '../command-line.ts'
import { fieldLines } from '../field-help.ts'
import { foundFromFile, type Admitted } from '../found-house.ts'
import { parseInputFile, readInputFile } from '../input-file.ts'

export const summary = '建立真实的中心（只在已迁移的空库，只办一次）：机构、首任人员、参数、工作日历'

const FILE = '建立文件'

const USAGE = `用法：npm run -s anju -- found --file <文件> [--dry-run] [--json]
      npm run -s anju -- found --example        打印一份完整的建立文件

  --file     建立文件，UTF-8 编码的 JSON；- 表示标准输入
  --dry-run  全部校验、全部写入后撤回：说明将写入什么，库保持原样，不生成密码
  --json     只输出 JSON

在一个事务内写入：中心、管理部、受委托银行、担保机构、人民法院，首任人员及其岗位，会计科目和银行专户，
已公布的政策参数（核算主体：${ENTITIES.map((entity) => `${entity} ${SCOPES[entity].label}`).join('、')}），${calendarYears.map(({ year }) => year).join('、')} 年工作日历；业务日期随本机时钟。
缴存单位、缴存人和期初余额不在其内；本版本尚不能导入。

文件里没有密码。每人的初始密码只在终端显示这一次，随后事务才提交：未能显示的，什么也没有建立。
请各人当场抄录自己的一行，立即登录：首次登录即改为本人密码，资金、权限岗位并由本人启用动态口令；
系统管理员、安全管理员宜各列两人：只有一人时，其密码遗失后无人能为其办理重置。
初始密码已失效而本人未曾登录的，说明有人先用过，应停用并查明。此后人员一律由系统管理员提出、安全管理员确认。
以库的所有者连接（DATABASE_URL），并须 ANJU_DATA_KEY、ANJU_HASH_KEY 与接口、工作进程的一致。
退出码：0 已建立（或预演通过；以此为准，密码先于提交显示），1 被拒或输入有误（库保持原样），2 故障（库保持原样）
示例：npm run -s anju -- found --file centre.json --dry-run`

/** `anju found`: from an empty database to a house whose first administrators can log in. */
export const run = (args: string[]): Promise<number> =>
  answering(async () => {
    const options = readOptions(args, ['file'], ['dry-run', 'json', 'help', 'example'])
    if (options.flags.help)
      return console.log(`${USAGE}\n\n建立文件的全部字段：\n${fieldLines(z.toJSONSchema(foundingFile, { io: 'input' })).join('\n')}`)
    if (options.flags.example) return console.log(JSON.stringify(exampleFounding, null, 2))
    const path = required(options, 'file')
    const config = configOrRefusal()
    if (config.DEMO) throw new Refused('演示环境（DEMO=1）由 seed 载入演示城市；真实的中心建在生产环境')
    const text = await readInputFile(path, FILE)
    const dryRun = options.flags['dry-run']
    const inJson = options.flags.json
    const house = await foundFromFile(config, {
      text,
      dryRun,
      read: (on) => parseInputFile(text, FILE, foundingFile, (file) => mayFound(file, { on, entities: ENTITIES })),
      tell: (told, admitted) => say(inJson ? JSON.stringify(houseJson(told, admitted)) : admittedText(admitted)),
    })
    if (!inJson) return console.log(`${dryRun ? '预演通过，库未改动。将建立' : '已建立'}：${houseText(house)}`)
    if (dryRun) console.log(JSON.stringify(houseJson(house, [])))
  })

function configOrRefusal(): Config<'found'> {
  try {
    return loadConfig(process.env, 'found')
  } catch (error) {
    throw error instanceof ConfigError ? new Refused(error.message) : error
  }
}

/** On its way to the reader, not only on ours: what is lost now is lost for good. */
const say = (text: string): Promise<void> =>
  new Promise((done, failed) => {
    // A reader who has gone is reported by an event as well, which would end the process before the transaction is rolled back.
    process.stdout.once('error', failed)
    process.stdout.write(`${text}\n`, (error) => (error ? failed(error) : done()))
  })

/** One object, said before the house becomes true: that it did, the exit code says. */
const houseJson = (house: NewHouse, admitted: readonly Admitted[]) => ({
  dryRun: admitted.length === 0,
  ...countsOf(house),
  initialPasswords: admitted.map(({ person, password }) => ({
    staffNumber: person.staffNumber,
    name: person.name,
    posts: person.posts,
    password,
  })),
})

const admittedText = (admitted: readonly Admitted[]): string =>
  [
    '初始密码（只显示这一次；末行“已建立”出现后方才有效）：',
    ...admitted.map(
      ({ person, password }) =>
        `  ${person.staffNumber}  ${password}  ${person.name}（${person.posts.map((post) => POSTS[post]).join('、')}）`,
    ),
    '',
  ].join('\n')

const countsOf = ({ orgs, people, values, bankAccounts }: NewHouse) => ({
  orgs: Object.fromEntries(Object.keys(ORG_KINDS).map((kind) => [kind, orgs.filter((org) => org.kind === kind).length])) as Record<
    OrgKind,
    number
  >,
  staff: people.length,
  bankAccounts: bankAccounts.length,
  values: values.length,
  years: calendarYears.map(({ year }) => year),
})

function houseText(house: NewHouse): string {
  const { orgs, staff, bankAccounts, values, years } = countsOf(house)
  const centres = house.orgs.filter(({ kind }) => kind === 'CENTRE').map(({ name }) => name)
  const kinds = (Object.keys(ORG_KINDS) as OrgKind[]).filter((kind) => kind !== 'CENTRE' && orgs[kind] > 0)
  const counted = [
    ...kinds.map((kind) => `${ORG_KINDS[kind]} ${orgs[kind]}`),
    `人员 ${staff}`,
    `银行专户 ${bankAccounts}`,
    `政策参数 ${values}`,
  ]
  return `${centres.join('、')}（${counted.join('，')}，工作日历 ${years.join('、')} 年）\n${hintText(house)}`
}

/** A year that nobody has loaded stops every deadline that reaches it: better said on the first day than met in December. */
function hintText({ since }: NewHouse): string {
  const year = Number(since.slice(0, 4))
  const missing = [year, year + 1].filter((one) => !calendarYears.some((known) => known.year === one))
  const calendar = missing.length > 0 ? `；${missing.join('、')} 年工作日历尚未随本版本提供，须以 calendar load 载入` : ''
  return `业务日期 ${since}，随本机时钟${calendar}`
}
