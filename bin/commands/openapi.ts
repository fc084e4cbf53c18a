import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '#api/openapi.ts'
import { projectFolder } from '../../tools/folders.ts'
import { answering, readOptions } from '../command-line.ts'

export const summary = '接口文档：由契约生成 OpenAPI 3.1，写入 docs/openapi.json'

const HELP = `用法：npm run -s anju -- openapi [--json]

由 contracts/ 中的契约生成 OpenAPI 3.1 文档，写入 docs/openapi.json。契约改动后运行并一同提交，测试会核对。
  --json   不写文件，只输出文档
示例：npm run -s anju -- openapi`

/** The document as it is committed: two spaces, one final line break. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`

/** `anju openapi`: writes the contract as OpenAPI. */
export const run = (args: string[]): Promise<number> =>
  answering(() => {
    const { flags } = readOptions(args, [], ['json', 'help'])
    if (flags.help) return void process.stdout.write(`${HELP}\n`)
    if (flags.json) return void process.stdout.write(openApiText())
    const file = join(projectFolder, 'docs', 'openapi.json')
    writeFileSync(file, openApiText())
    process.stdout.write(`已写入 ${file}\n`)
  })
