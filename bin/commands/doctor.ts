import { dataFolderOf } from '../../tools/folders.ts'
import { answering, readOptions } from '../command-line.ts'
import { examine, realSurroundings, type Finding } from '../launcher/checks.ts'

export const summary = '逐项检查运行条件，并给出修复办法'

const help = `用法：npm run -s anju -- doctor [--json]

逐项检查：Node、磁盘、字体、环境变量与密钥、时区、Temporal 程序、PostgreSQL、时钟、数据库结构、工作日历、Temporal、接口端口、浏览器。
每行 ✓ 或 ✗；✗ 后面写着修复办法。npm start 正在运行时，检查的就是它。
退出码：0 全部正常，1 有不正常的项，2 检查本身失败
示例：npm run -s anju -- doctor --json`

/** @returns 0 when everything is in order, 1 otherwise */
export async function run(args: string[]): Promise<number> {
  let ok = true
  const code = await answering(async () => {
    const { flags } = readOptions(args, [], ['json', 'help'])
    if (flags.help) return console.log(help)
    const findings = await examine(realSurroundings(process.env, dataFolderOf(process.env)))
    ok = findings.every((finding) => finding.ok)
    console.log(flags.json ? JSON.stringify({ ok, checks: findings }) : findings.map(line).join('\n'))
  })
  return ok ? code : 1
}

const line = ({ ok, name, detail, cure }: Finding): string => `${ok ? '✓' : '✗'} ${name}：${detail}${cure ? `\n    → ${cure}` : ''}`
