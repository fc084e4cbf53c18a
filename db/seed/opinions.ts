import type { Move } from './paths.ts'
import type { Random } from './random.ts'

/** What an officer can name in an opinion. */
export interface Wording {
  readonly amountFen: bigint
  readonly months: number
  readonly returnedFor: string
  readonly wanted: readonly string[]
}

/** By stage and action, in the words of people who write a dozen of these a day. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'SUBMITTED/accept': [
    '申请材料齐全，符合受理条件，予以受理',
    '原件与复印件核对一致，材料齐全，受理',
    '借款人到场面谈，购房意愿真实，材料齐全，予以受理',
    '已核验申请人身份，材料收讫，予以受理',
  ],
  'SUBMITTED/request-correction': ['{wanted}不符合要求，请补齐后再受理', '经核对，{wanted}需要补正，已当面告知申请人'],
  'SUBMITTED/not-accept': ['申请人说明所购房屋用于出租，不属自住住房贷款受理范围，已当面说明理由'],
  'CORRECTION_REQUESTED/deliver': ['已当面交付告知书，申请人签收', '申请人当场领取告知书'],
  'CORRECTION_REQUESTED/resubmit': ['申请人已补齐材料，重新提交', '补正材料已核对，重新提交'],
  'MANUAL_CHECK/confirm': ['已凭申请人提交的纸质信用报告核对，近两年无逾期，属实'],
  'PRELIM_REVIEW/pass': [
    '经核对，事实清楚，材料与联网数据一致，建议准予',
    '缴存连续，家庭名下无房，购房事实属实，初审通过',
    '网签备案有效，收入与缴存基数相符，建议贷款{amount}、{term}',
    '已电话核实借款人任职情况，初审通过',
    '还款能力测算符合规定，征信正常，提交复审',
  ],
  'PRELIM_REVIEW/return': ['{returned}'],
  'RETURNED/resubmit': ['已与申请人核对并更正，请继续审核', '更正后的材料已上传，原件已核对'],
  'RETURNED/withdraw-application': ['申请人改为商业银行贷款，书面撤回申请'],
  'REVIEW/pass': [
    '同意初审意见，拟按规则结论的额度和期限准予',
    '复审无异议，额度{amount}、期限{term}，报批',
    '抽查首付款流水与发票一致，同意初审意见',
    '套数认定和利率执行正确，同意报批',
  ],
  'REVIEW/return': ['请初审补充说明收入核实方式，并核对{material}', '首付款来源说明不充分，请初审进一步核实'],
  'REVIEW/supplement': ['{wanted}需要补正，已一次性告知'],
  'SUPPLEMENT_PENDING/deliver': ['申请人到窗口领取告知书并签收', '已当面送达，申请人签收'],
  'SUPPLEMENT_PENDING/receive': ['{wanted}已补齐，与告知书所列一致', '补正材料收讫，原件核对无误'],
  'SUPPLEMENT_PENDING/lapse': ['告知书送达后逾期未补正，电话提醒两次仍未提交，终止办理'],
  'APPROVAL/approve': ['同意', '同意复审意见，准予贷款{amount}', '准予贷款{amount}，期限{term}', '同意，签约时再次核对收款账户'],
  'APPROVAL/submit-higher': ['金额{amount}，超出本岗权限，拟同意，报分管领导审批'],
  'APPROVAL/escalate': ['连续缴存仅差一个月，家庭确有困难，提请特审'],
  'APPROVAL/refuse': ['不符合规定条件，不予贷款，已请受理岗做好解释'],
  'APPROVED/sign': ['已面签借款合同和抵押合同，双方身份核验无误', '夫妻双方到场面签，告知还款日和提前还款规定'],
  'APPROVED/expire': ['审批有效期届满，申请人未来签约，经电话核实不再办理'],
  'APPROVED/withdraw-application': ['申请人与卖方解除购房合同，书面撤回申请'],
  'SIGNED/confirm': ['还款卡、收款账户核验无误', '账户信息一致，同意放款安排', '合同要素核对一致，确认'],
  'SECURITY_PENDING/secure': ['已取得不动产登记证明', '抵押登记办结，证明原件已入库', '预告抵押登记已办妥，证明已核验'],
  'SECURITY_PENDING/fail': ['所购房屋被另案查封，抵押登记被登记机构驳回'],
  'MORTGAGE_DOUBTED/confirm': ['已到登记机构窗口查询，登记属实，与证明一致'],
  'SECURED/request-release': ['担保已落实，申请放款', '合同、抵押、账户三项齐备，申请放款'],
  'SECURED/queue': ['本月资金计划已满，转入轮候'],
  'SECURED/propose-void': ['借贷双方协商解除借款合同，抵押登记已注销，提请作废'],
  'VOID_REQUESTED/submit-higher': ['借款人已书面同意解除，拟同意作废，报分管领导核准'],
  'VOID_REQUESTED/void': ['情况属实，同意作废'],
  'VOID_SENIOR/submit-higher': ['特审准予的案件，拟同意作废，报主任核准'],
  'SENIOR_APPROVAL/approve': ['同意，准予贷款{amount}'],
  'RELEASE_HELD/submit-higher-release': ['征信系统未能答复，金额{amount}超出本岗权限，请核实纸质信用报告'],
  'RELEASE_REQUESTED/pay': ['复核无误，划款', '收款账户与合同一致，复核通过，划款'],
}

/** The guarantor signs for something else than the bank. */
const GUARANTOR = ['同意承担保证责任', '反担保手续齐备，同意担保']

/** What is said with a move: its own words where it has any, else one of those that officers use there. */
export function opinionOf(move: Move, wording: Wording, random: Random): string {
  if (move.opinion !== undefined) return move.opinion
  const said = move.post === 'GUARANTOR_CHECKER' ? GUARANTOR : SAID[`${move.stage}/${move.action}`]
  return said ? inWords(random.pick(said), wording) : ''
}

function inWords(text: string, { amountFen, months, returnedFor, wanted }: Wording): string {
  const tenThousands = `${amountFen / 1_000_000n}.${String((amountFen / 10_000n) % 100n).padStart(2, '0')}`
  return text
    .replace('{amount}', `${tenThousands.replace(/\.?0+$/, '')}万元`)
    .replace('{term}', months % 12 === 0 ? `${months / 12}年` : `${months}个月`)
    .replace('{returned}', returnedFor)
    .replace('{material}', '缴存明细')
    .replace('{wanted}', wanted.join('、'))
}
