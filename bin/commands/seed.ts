import { ConfigError, loadConfig, type Config } from '#config.ts'
import { answering, readOptions, Refused } from '../command-line.ts'
import { foundCity, type Founding } from '../found-city.ts'

export const summary = '载入演示城市（只在空库、只在演示环境）'

const help = `用法：npm run -s anju -- seed [--json]

在一个已迁移的空库里建立演示城市：机构、人员、工作日历、参数、缴存账户、总账、历史贷款和在办案件。
已有机构的库不会被改动。npm start 会自动完成这一步。
退出码：0 已载入或无须载入，1 环境变量不对或不是演示环境，2 载入失败（库保持原样）
示例：npm run -s anju -- seed --json`

/** @returns 0 when the city is there, whether founded now or earlier */
export function run(args: string[]): Promise<number> {
  return answering(async () => {
    const { flags } = readOptions(args, [], ['json', 'help'])
    if (flags.help) return console.log(help)
    const config = configOrRefusal()
    if (!config.DEMO) throw new Refused('只有演示环境（DEMO=1）才能载入演示城市')
    const founding = await foundCity(config, config.DEMO_PASSWORD)
    console.log(flags.json ? JSON.stringify(founding) : inWords(founding))
  })
}

function configOrRefusal(): Config<'seed'> {
  try {
    return loadConfig(process.env, 'seed')
  } catch (error) {
    throw error instanceof ConfigError ? new Refused(error.message) : error
  }
}

function inWords(founding: Founding): string {
  if (!founding.seeded) return '库中已有机构，未作改动。'
  const { milliseconds, staff, units, contributors, loans, closedCases, openCases } = founding
  const cases = `已办结案件 ${closedCases}，在办案件 ${openCases}`
  return `已载入（${milliseconds} 毫秒）：人员 ${staff}，缴存单位 ${units}，缴存人 ${contributors}，贷款 ${loans}，${cases}。`
}
