import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { z } from 'zod'
import { POSTS, postCode } from '#contracts/posts.ts'

export interface BannerFacts {
  readonly consoleUrl: string
  readonly apiDocsUrl: string
  readonly temporalUiUrl: string | undefined
  readonly dataFolder: string
  readonly seconds: number
}

/** Written by the seed: invented people with one password for all of them. */
const demoLogins = z.object({
  password: z.string(),
  people: z.array(z.object({ staffNumber: z.string(), name: z.string(), orgName: z.string(), posts: z.array(postCode) })),
})

/** The last thing a start prints. Plain text when nobody is at a terminal. */
export function banner({ consoleUrl, apiDocsUrl, temporalUiUrl, dataFolder, seconds }: BannerFacts, colour: boolean): string {
  const paint = (format: Parameters<typeof styleText>[0], words: string): string =>
    colour ? styleText(format, words, { validateStream: false }) : words
  const rows: [string, string][] = [
    ['工作台', consoleUrl],
    ['接口文档', apiDocsUrl],
    ...(temporalUiUrl ? [['流程引擎', temporalUiUrl] satisfies [string, string]] : []),
    ['数据目录', dataFolder],
  ]
  return [
    '',
    paint('bold', `安居已启动（${seconds.toFixed(1)} 秒）`),
    ...rows.map(([label, value]) => `  ${padded(label)} ${paint('cyan', value)}`),
    ...loginLines(dataFolder),
    paint('red', '  演示数据：人名、证号均为虚构，请勿录入真实信息。'),
    '  Ctrl-C 停止',
    '',
  ].join('\n')
}

function loginLines(dataFolder: string): string[] {
  const file = join(dataFolder, 'demo-logins.json')
  try {
    const { password, people } = demoLogins.parse(JSON.parse(readFileSync(file, 'utf8')))
    const shown = onePerPost(people).map(
      ({ posts, orgName, name, staffNumber }) => `    ${staffNumber}　${posts.map((post) => POSTS[post]).join('、')}　${orgName}　${name}`,
    )
    return [`  ${padded('演示登录')} 口令 ${password}，工号如下（共 ${people.length} 人，全部见 ${file}）`, ...shown]
  } catch {
    return []
  }
}

/** The first of each post: enough to walk a case from the counter to the bank. */
function onePerPost<P extends { readonly posts: readonly string[] }>(people: readonly P[]): P[] {
  const seen = new Set<string>()
  return people.filter(({ posts }) => {
    const isNew = posts.some((post) => !seen.has(post))
    for (const post of posts) seen.add(post)
    return isNew
  })
}

const padded = (label: string): string => label.padEnd(4, '　')
