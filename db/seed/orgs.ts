import type { Insertable } from 'kysely'
import type { OrgTable } from '../tables.ts'
import type { FirstBankAccount } from '../write/founding.ts'

export type Org = Insertable<OrgTable>

/** A branch and the invented district it serves. */
export interface Branch {
  readonly orgId: string
  readonly district: string
  readonly entity: 'xinxiang' | 'changyuan'
}

/** The districts are on no map; only the two reporting entities, whose published policy rules here, bear real names. */
export const BRANCHES: readonly Branch[] = [
  { orgId: 'branch-wanghe', district: '望禾区', entity: 'xinxiang' },
  { orgId: 'branch-qinghuai', district: '清槐区', entity: 'xinxiang' },
  { orgId: 'branch-yanhu', district: '砚湖区', entity: 'xinxiang' },
  { orgId: 'branch-lanqiao', district: '澜桥区', entity: 'xinxiang' },
  { orgId: 'branch-songsu', district: '松溯县', entity: 'xinxiang' },
  { orgId: 'branch-qihe', district: '栖禾县', entity: 'xinxiang' },
  { orgId: 'branch-weize', district: '苇泽镇', entity: 'changyuan' },
]

export const CENTRES = { xinxiang: 'centre-xinxiang', changyuan: 'centre-changyuan' } as const

/** The first branch of a centre takes in what nobody else does; most stories play there. */
export const MAIN_BRANCH = 'branch-wanghe'

export interface Bank {
  readonly orgId: string
  readonly name: string
  readonly entity: Branch['entity']
}

export const BANKS: readonly Bank[] = [
  { orgId: 'bank-hefeng', name: '禾丰银行', entity: 'xinxiang' },
  { orgId: 'bank-tongze', name: '同泽银行', entity: 'xinxiang' },
  { orgId: 'bank-jianghuai', name: '江槐银行', entity: 'xinxiang' },
  { orgId: 'bank-anhe', name: '安禾农村商业银行', entity: 'xinxiang' },
  { orgId: 'bank-weize', name: '苇泽农村商业银行', entity: 'changyuan' },
  { orgId: 'bank-changhe', name: '长禾银行', entity: 'changyuan' },
]

export const GUARANTORS = [
  { orgId: 'guarantor-anzhu', name: '安筑住房置业担保有限公司', entity: 'xinxiang' },
  { orgId: 'guarantor-zeyu', name: '泽屿融资担保有限公司', entity: 'changyuan' },
] as const

export const COURT = { orgId: 'court-wanghe', name: '望禾区人民法院', entity: 'xinxiang' } as const

/** Every organisation, parents before children. */
export function orgRows(): Org[] {
  const top = { parent_org_id: null }
  return [
    {
      org_id: CENTRES.xinxiang,
      kind: 'CENTRE',
      name: '新乡市住房公积金管理中心（演示）',
      short_name: '市中心',
      reporting_entity: 'xinxiang',
      ...top,
    },
    {
      org_id: CENTRES.changyuan,
      kind: 'CENTRE',
      name: '长垣市住房公积金管理中心（演示）',
      short_name: '长垣中心',
      reporting_entity: 'changyuan',
      ...top,
    },
    ...BRANCHES.map(({ orgId, district, entity }): Org => {
      const name = `${district}管理部`
      return { org_id: orgId, kind: 'BRANCH', name, short_name: name, parent_org_id: CENTRES[entity], reporting_entity: entity }
    }),
    ...BANKS.map((bank) => outsideOrg('BANK', bank)),
    ...GUARANTORS.map((guarantor) => outsideOrg('GUARANTOR', guarantor)),
    outsideOrg('COURT', COURT),
  ]
}

const outsideOrg = (kind: Org['kind'], { orgId, name, entity }: { orgId: string; name: string; entity: string }): Org => ({
  org_id: orgId,
  kind,
  name,
  short_name: name.slice(0, 4),
  parent_org_id: null,
  reporting_entity: entity,
})

/** A deposit account at every bank, and one for the surplus at each entity's first. */
export function bankAccounts(): FirstBankAccount[] {
  const firstOf = (entity: string): Bank | undefined => BANKS.find((bank) => bank.entity === entity)
  const accounts = BANKS.flatMap((bank) => [
    { bank, ledgerCode: '10101' as const, name: `${bank.name}·住房公积金存款专户` },
    ...(firstOf(bank.entity) === bank ? [{ bank, ledgerCode: '10201' as const, name: `${bank.name}·增值收益存款专户` }] : []),
  ])
  return accounts.map(({ bank, ledgerCode, name }, index) => ({
    centreOrgId: CENTRES[bank.entity],
    bankOrgId: bank.orgId,
    reportingEntity: bank.entity,
    ledgerCode,
    number: `9998${ledgerCode}${String(index + 1).padStart(10, '0')}`,
    name,
  }))
}
