import type { HardwareLine } from './machine.ts'
import type { Ratio } from './statistics.ts'

/** One line of a measure: ours, the contender's, and how they compare round by round. */
export interface FindingRow {
  readonly what: string
  readonly ours: number
  readonly contender?: number
  readonly unit: string
  readonly ratio?: Ratio
  readonly aim?: string
}

export interface Finding {
  readonly id: string
  readonly title: string
  readonly contender: string
  readonly size: string
  readonly rows: readonly FindingRow[]
  /** What did not turn out as it must: wrong, not slow. */
  readonly wrong?: readonly string[]
}

/** Figures as people read them: three digits that count. */
const figure = (value: number | undefined): string =>
  value === undefined ? '' : Number.isInteger(value) ? String(value) : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const ratioText = (ratio: Ratio | undefined): string => (ratio ? `${ratio.median.toFixed(2)}（${ratio.p10.toFixed(2)}–${ratio.p90.toFixed(2)}）` : '')

/** Findings as Markdown tables, as they stand in the README. */
export const asText = (findings: readonly Finding[], hardware: HardwareLine): string =>
  [
    `硬件：${hardware.cpu}，${hardware.cores} 核，负载 ${hardware.loadAverage}，被占用 ${hardware.stealPercent}%，Node ${hardware.node}`,
    ...findings.map((one) =>
      [
        `### ${one.id} ${one.title}`,
        '',
        `对照：${one.contender}。规模：${one.size}。`,
        '',
        '| 项 | 安居 | 对照 | 单位 | 比值（p10–p90） | 目标 |',
        '|---|--:|--:|---|--:|---|',
        ...one.rows.map((row) => `| ${row.what} | ${figure(row.ours)} | ${figure(row.contender)} | ${row.unit} | ${ratioText(row.ratio)} | ${row.aim ?? ''} |`),
        ...(one.wrong ?? []).map((text) => `\n**不对**：${text}`),
      ].join('\n'),
    ),
  ].join('\n\n')
