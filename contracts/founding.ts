import { z } from 'zod'
import { newcomer } from './staff-change.ts'
import { POSTS, postCode } from './posts.ts'

/** What an organisation is called in addresses, lists and audit: its kind first, never changed afterwards. */
const idOf = (kind: string, example: string) =>
  z
    .string()
    .regex(new RegExp(`^${kind}-[a-z0-9]+(-[a-z0-9]+)*$`), {
      error: `机构标识须以 ${kind}- 开头，其余为小写字母、数字和连字符，如 ${example}`,
    })
    .max(40)
    .describe(`机构标识，以 ${kind}- 开头，其余为小写字母、数字和连字符，如 ${example}；建立后不再改变`)

const name = z.string().trim().min(4).max(60).describe('全称，与公章或批准文件一致')
const shortName = z.string().trim().min(2).max(12).describe('简称，用于列表')

const accountNumber = z
  .string()
  .regex(/^\d{8,30}$/, { error: '银行账号应为8至30位半角数字，不含空格' })
  .describe('账号')
const account = (label: string) =>
  z.strictObject({ number: accountNumber, name: z.string().trim().min(4).max(60).describe('户名') }).describe(label)

const branch = z.strictObject({ id: idOf('branch', 'branch-hongqi'), name, shortName })
const bank = z.strictObject({
  id: idOf('bank', 'bank-gongshang'),
  name,
  shortName,
  depositAccount: account('住房公积金存款专户；本行的贷款自此划出'),
  surplusAccount: account('增值收益存款专户；不在本行开立的填 null').nullable(),
})
const guarantor = z.strictObject({ id: idOf('guarantor', 'guarantor-anju'), name, shortName })
const court = z.strictObject({ id: idOf('court', 'court-hongqi'), name, shortName })

const person = newcomer.pick({ name: true, idNumber: true }).extend({
  staffNumber: newcomer.shape.staffNumber.describe('工号：一个大写字母和4位数字；登录用'),
  orgId: newcomer.shape.orgId.describe('所在机构的标识，须为本中心文件中列明的机构'),
  posts: z
    .array(postCode)
    .min(1)
    .describe(
      `岗位，均设在其所在机构：${Object.entries(POSTS)
        .map(([code, label]) => `${code} ${label}`)
        .join('、')}`,
    ),
})

const centre = z.strictObject({
  id: idOf('centre', 'centre-xinxiang'),
  entity: z.string().describe('核算主体，决定适用的政策参数'),
  name,
  shortName,
  branches: z.array(branch).min(1).max(100).describe('管理部；案件由管理部受理'),
  banks: z.array(bank).max(50).describe('受委托银行；同一家银行受两家中心委托的，在两处各列一次，标识不同'),
  guarantors: z.array(guarantor).max(50).describe('担保机构'),
  courts: z.array(court).max(50).describe('人民法院'),
  staff: z.array(person).min(3).max(500).describe('首任人员；至少各有一名系统管理员、安全管理员、审计管理员，其余人员此后经两人办理入职'),
})

/** 建立文件: what a real house is founded from. Reviewed by people before it is used, and used once; it holds no password. */
export const foundingFile = z.strictObject({
  centres: z.array(centre).min(1).max(10).describe('住房公积金管理中心，每个核算主体一家'),
})
export type FoundingFile = z.output<typeof foundingFile>
export type FoundingCentre = FoundingFile['centres'][number]
