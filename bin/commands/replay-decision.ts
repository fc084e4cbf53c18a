import { replayVerdict } from '#activities/loan/replay.ts'
import { recordedVerdicts, replayOne, type RecordedVerdict, type Replayed } from '#db/checks/verdicts.ts'
import { answering, readOptions, Refused } from '../command-line.ts'
import { withWork } from '../work-connection.ts'

export const summary = '重做决定：用当时的规则、事实和政策重新审核，逐字节比对'

const help = `用法：npm run -s anju -- replay-decision <案号> [--json]
      npm run -s anju -- replay-decision --all [--json]

取出记录的审核结论，用其所记版本的规则、当时的事实和当时的政策重新审核，与记录逐字节比对。只读，不改变任何数据。
退出码：0 全部相同，1 有不同，或没有这个案件，2 故障
示例：npm run -s anju -- replay-decision --all`

interface Line {
  readonly verdict: RecordedVerdict
  readonly replayed: Replayed
}

/** @returns 0 when every verdict comes out byte for byte, 1 otherwise */
export async function run(args: string[]): Promise<number> {
  let same = true
  const code = await answering(async () => {
    const [first, ...others] = args
    const caseNumber = first !== undefined && !first.startsWith('--') ? first : undefined
    const { flags } = readOptions(caseNumber === undefined ? args : others, [], ['all', 'json', 'help'])
    if (flags.help) return console.log(help)
    if (flags.all === (caseNumber !== undefined)) throw new Refused('请指明案号，或 --all（--help 查看说明）')
    const { lines, seconds } = await replay(caseNumber)
    const different = lines.filter(({ replayed }) => !replayed.same)
    same = different.length === 0
    const totals = {
      verdicts: lines.length,
      same: lines.length - different.length,
      different: different.length,
      perSecond: perSecond(lines.length, seconds),
    }
    // One case is shown in full; of all of them, what differs.
    const shown = caseNumber === undefined ? different : lines
    console.log(
      flags.json ? JSON.stringify({ ...totals, shown: shown.map(lineJson) }) : [...shown.map(lineText), totalsText(totals)].join('\n'),
    )
  })
  return same ? code : 1
}

async function replay(caseNumber: string | undefined): Promise<{ lines: Line[]; seconds: number }> {
  return withWork('anju-replay', async (db) => {
    const known =
      caseNumber === undefined ||
      (await db.selectFrom('case_file').select('case_id').where('case_number', '=', caseNumber).executeTakeFirst())
    if (!known) throw new Refused(`没有案号为 ${caseNumber} 的案件`)
    const lines: Line[] = []
    const began = performance.now()
    for await (const verdict of recordedVerdicts(db, caseNumber)) lines.push({ verdict, replayed: replayOne(verdict, replayVerdict) })
    return { lines, seconds: (performance.now() - began) / 1000 }
  })
}

const perSecond = (count: number, seconds: number): number => Math.round(count / Math.max(seconds, 0.001))

const KINDS: Readonly<Record<string, string>> = { ASSESSMENT: '审核', RELEASE_CHECK: '放款前复核' }

const lineJson = ({ verdict: { caseNumber, kind, round, ruleVersion, snapshotId, outcome }, replayed }: Line) => ({
  caseNumber,
  kind,
  round,
  ruleVersion,
  snapshotId,
  outcome,
  ...replayed,
})

function lineText({ verdict: { caseNumber, kind, round, ruleVersion, snapshotId }, replayed }: Line): string {
  const what = `${caseNumber} ${KINDS[kind] ?? kind}（第${round}版，规则 ${ruleVersion}，政策 ${snapshotId}）`
  return replayed.same ? `✓ 相同 ${what}` : `✗ 不同 ${what}：${replayed.why}`
}

const totalsText = (totals: { verdicts: number; same: number; different: number; perSecond: number }): string =>
  totals.verdicts === 0
    ? '没有记录的审核结论'
    : `共${totals.verdicts}个结论：相同${totals.same}个，不同${totals.different}个；每秒${totals.perSecond}个（含读取）`
