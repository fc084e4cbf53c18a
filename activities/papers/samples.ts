/**
 * One paper of each kind with made-up people and provisions, for the tests and for the eye:
 * `node activities/papers/samples.ts <folder>` writes the files.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addMonths, plainDate } from '#contracts/dates.ts'
import { divideHalfUp, fen, minFen, subtractFen, type Fen } from '#contracts/money.ts'
import type { Instalment, PaperHead, PaperInput, PaperKind, Remedy } from './input.ts'
import { renderPaper } from './render.ts'

const head: PaperHead = {
  centreName: '新乡市住房公积金管理中心',
  paperNumber: '新公积金贷准〔2025〕12号',
  caseNumber: '新贷2025000123',
  addressee: '张小三',
  matter: '住房公积金个人住房贷款',
  issuedOn: plainDate('2025-11-14'),
  legalBasis: ['《住房公积金管理条例》第二十六条'],
  parameters: { asOf: plainDate('2025-11-03'), snapshotId: 'XX-20251103-7F3A9C', assumed: [] },
  contact: { office: '市直管理部贷款窗口', address: '新乡市红旗区平原路99号', phone: '0373-12329' },
  copiesTo: ['申请人', '业务档案'],
}

const remedy: Remedy = {
  explainedBy: '市直管理部贷款窗口',
  reviewBody: '新乡市人民政府',
  reviewDays: 60,
  court: '有管辖权的人民法院',
  courtMonths: 6,
  legalBasis: '《中华人民共和国行政复议法》第二十条、《中华人民共和国行政诉讼法》第四十六条',
}

export const samples = {
  ACCEPTANCE_RECEIPT: {
    ...head,
    kind: 'ACCEPTANCE_RECEIPT',
    paperNumber: '新公积金贷受〔2025〕123号',
    issuedOn: plainDate('2025-11-03'),
    appliedOn: plainDate('2025-11-03'),
    acceptedOn: plainDate('2025-11-03'),
    timeLimit: '10个工作日',
    decideBy: plainDate('2025-11-17'),
    materials: [
      { name: '居民身份证（申请人及配偶）', form: '电子证照', count: 2 },
      { name: '结婚证', form: '电子证照', count: 1 },
      { name: '商品房买卖合同（已备案）', form: '原件扫描', count: 1 },
      { name: '首付款发票及付款凭证', form: '原件扫描', count: 2 },
      { name: '个人征信查询授权书', form: '电子签名', count: 2 },
    ],
    receivedBy: '王敏',
  },
  NON_ACCEPTANCE: {
    ...head,
    kind: 'NON_ACCEPTANCE',
    paperNumber: '新公积金贷不受〔2025〕7号',
    appliedOn: plainDate('2025-11-12'),
    reasons: [
      {
        text: '所购住房坐落于本中心贷款业务范围以外。',
        article: '《新乡市住房公积金个人住房贷款管理办法》第五条',
        figures: [
          { label: '房屋所在地', value: '郑州市金水区' },
          { label: '业务范围', value: '新乡市行政区域' },
        ],
      },
    ],
    remedy,
  },
  SUPPLEMENT: {
    ...head,
    kind: 'SUPPLEMENT',
    paperNumber: '新公积金贷补〔2025〕31号',
    issuedOn: plainDate('2025-11-06'),
    appliedOn: plainDate('2025-11-01'),
    acceptedOn: plainDate('2025-11-03'),
    wants: [
      { item: '首付款银行转账凭证', reason: '提交的收据未加盖开发企业财务专用章，请补交银行转账回单或者增值税发票。' },
      { item: '配偶异地缴存使用证明', reason: '配偶在郑州缴存，联网核验未取得结果，请在缴存地中心开具，或者授权本中心重新查询。' },
      { item: '离婚协议书', reason: '婚姻登记信息显示申请人曾于2021年办理离婚登记，需核对原共有住房的归属。' },
    ],
    answerDays: 30,
  },
  APPROVAL: {
    ...head,
    kind: 'APPROVAL',
    acceptedOn: plainDate('2025-11-03'),
    borrowers: [
      { role: '借款人', name: '张小三', idNumberMasked: '410702********1234' },
      { role: '共同借款人', name: '阿依古丽·买买提', idNumberMasked: '650102********002X' },
    ],
    property: '新乡市红旗区平原路与新飞大道交叉口东北角牧野华府二期11号楼2单元1804室（建筑面积118.36平方米）',
    amountFen: fen(65_000_000n),
    termMonths: 360,
    annualRatePercent: '2.60',
    repaymentMethod: '等额本息，按月偿还',
    firstInstalmentFen: fen(260_223n),
    security: '所购住房抵押，新乡市住房置业担保有限公司提供阶段性保证',
    conditions: [
      '与本中心及受委托银行签订借款合同和抵押合同。',
      '在不动产登记机构办理抵押预告登记。',
      '开立或者指定本人名下的还款账户，并签订委托扣款协议。',
    ],
    validUntil: plainDate('2025-12-14'),
    copiesTo: ['借款人', '受委托银行', '业务档案'],
  },
  REFUSAL: {
    ...head,
    kind: 'REFUSAL',
    paperNumber: '新公积金贷不准〔2025〕3号',
    acceptedOn: plainDate('2025-11-03'),
    askedFen: fen(65_000_000n),
    askedTermMonths: 355,
    reasons: [
      {
        text: '申请前连续足额缴存住房公积金的月数未达到规定要求。',
        article: '《新乡市住房公积金个人住房贷款管理办法》第七条第一项',
        figures: [
          { label: '连续足额缴存', value: '5个月' },
          { label: '规定最低', value: '6个月' },
        ],
      },
      {
        text: '月还款额与家庭月收入之比超过规定上限。',
        article: '《新乡市住房公积金个人住房贷款管理办法》第十二条',
        figures: [
          { label: '测算月还款额', value: '2,602.23元' },
          { label: '家庭月收入', value: '4,100.00元' },
          { label: '比例', value: '63.47%' },
          { label: '规定上限', value: '60%' },
        ],
      },
      {
        text: '家庭已有两次住房公积金贷款记录。',
        article: '新公积金〔2024〕8号第二条第三项',
        figures: [{ label: '全国范围内公积金贷款次数', value: '2次' }],
      },
    ],
    remedy,
    parameters: { ...head.parameters, assumed: ['还款收入比上限60%（本市文件未载明，参照住房城乡建设部通用口径）'] },
  },
  REPAYMENT_PLAN: {
    ...head,
    kind: 'REPAYMENT_PLAN',
    paperNumber: '新公积金贷还〔2025〕58号',
    issuedOn: plainDate('2025-12-01'),
    contractNumber: '新公积金借字2025第000123号',
    borrower: '张小三',
    principalFen: fen(65_000_000n),
    annualRatePercent: '2.60',
    repaymentMethod: '等额本金，按月偿还',
    disbursedOn: plainDate('2025-12-01'),
    repaymentAccountMasked: '***************3331（中国建设银行新乡分行）',
    instalments: equalPrincipalPlan(fen(65_000_000n), 360),
  },
} as const satisfies { [Kind in PaperKind]: Extract<PaperInput, { kind: Kind }> }

/** Enough of a plan to fill the pages: whole-yuan principal each month, interest on the balance at 2.60 % / 12. */
function equalPrincipalPlan(principalFen: Fen, months: number): Instalment[] {
  const instalments: Instalment[] = []
  const share = fen(divideHalfUp(principalFen, BigInt(months)))
  let balanceFen = principalFen
  for (let period = 1; period <= months; period++) {
    const interestFen = fen(divideHalfUp(balanceFen * 260n, 120_000n))
    const paidFen = period === months ? balanceFen : minFen(share, balanceFen)
    balanceFen = subtractFen(balanceFen, paidFen)
    instalments.push({ period, dueOn: addMonths(plainDate('2025-12-20'), period), principalFen: paidFen, interestFen, balanceFen })
  }
  return instalments
}

/** Renders every sample into the folder, one file a kind. */
export async function writeSamples(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const input of Object.values(samples)) {
    const { bytes } = await renderPaper(input)
    await writeFile(join(folder, `${input.kind.toLowerCase().replaceAll('_', '-')}.pdf`), bytes)
  }
}

if (import.meta.main) await writeSamples(process.argv[2] ?? '.')
