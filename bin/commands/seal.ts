import { headsFile, HeadsDisagree, publishHeads, sealAudit } from '#activities/seal.ts'
import { keyIdOf, type Seal } from '#db/seal/head.ts'
import { answering, readOptions, Refused } from '../command-line.ts'
import { withWork } from '../work-connection.ts'

export const summary = '封存审计：为尚未封签的审计记录加封，并把封首送出库外'

const help = `用法：npm run -s anju -- seal [--heads <文件>] [--json]

把已经落定而尚未封签的审计记录逐批加封（Merkle 树，ed25519 签名）。可随时执行，可重复执行。

  --heads   封首留存的文件，只追加；应放在数据库管理员不能改动的地方
  --json    只输出 JSON

退出码：0 完成，1 环境变量不对，或库外留存的封首与库中的不符，2 故障
示例：npm run -s anju -- seal --heads heads.txt`

/** Seals everything that is final, and carries what is not outside yet to the heads file. */
export const run = (args: string[]): Promise<number> =>
  answering(async () => {
    const { texts, flags } = readOptions(args, ['heads'], ['json', 'help'])
    if (flags.help) return console.log(help)
    const { heads } = texts
    await withWork('anju-seal', async (db, { ANJU_SEAL_KEY: key }) => {
      const seals: Seal[] = []
      for (let seal = await sealAudit(db, key, keyIdOf(key)); seal; seal = await sealAudit(db, key, keyIdOf(key))) seals.push(seal)
      const published = heads === undefined ? null : await publish(() => publishHeads(db, headsFile(heads)))
      const rows = seals.reduce((sum, seal) => sum + seal.rowCount, 0)
      const last = seals.at(-1)
      if (flags.json) return console.log(JSON.stringify({ seals: seals.length, rows, head: last?.head ?? null, published }))
      console.log(last ? `已加封${rows}条审计记录，封签至第${last.sealNo}号，封首 ${last.head}` : '没有需要加封的审计记录')
      if (published !== null) console.log(`送出库外的封首：${published}条`)
    })
  })

async function publish(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof HeadsDisagree ? new Refused(`封首没有送出：${error.message}。请立即执行 verify 查明`) : error
  }
}
