import { CONTRIBUTION_STATUSES } from '#contracts/loan-facts.ts'
import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { minuteText, yuan } from '../../common/figures.ts'
import { Empty } from '../../common/Panel.tsx'
import { Tag } from '../../common/Tag.tsx'
import type { CaseView } from '../case-text.ts'

type People = NonNullable<CaseView['contributions']>['people']

const ROLES = { BORROWER: '借款人', SPOUSE: '配偶', CO_BORROWER: '共同借款人' } as const
const COLUMNS = [
  '身份',
  '姓名',
  '缴存单位',
  '账户状态',
  '连续缴存',
  '缴存基数（元）',
  '月缴存额（元）',
  '账户余额（元）',
  '账户限制',
] as const
const AMOUNTS: readonly string[] = ['连续缴存', '缴存基数（元）', '月缴存额（元）', '账户余额（元）']

/** 缴存情况: what the rules were given of our own books, and when. Facts: no form asks for them and nobody edits them. */
export const Contributions = ({ contributions }: { contributions: CaseView['contributions'] }) => {
  if (!contributions) return <Empty>受理并完成联网核验后自动取得，目前尚无缴存情况。</Empty>
  const { takenAt, verdictKind, people } = contributions
  return (
    <>
      <Table size="small">
        <TableHead>
          <TableRow>
            {COLUMNS.map((label) => (
              <TableCell key={label} align={AMOUNTS.includes(label) ? 'right' : 'left'}>
                {label}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {people.map((person, index) => (
            <PersonRow key={`${person.role}-${index}`} person={person} />
          ))}
        </TableBody>
      </Table>
      <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', mt: 0.75 }}>
        取自{people[0]?.source ?? '本中心业务系统'}，{minuteText(takenAt)} {verdictKind === 'RELEASE_CHECK' ? '放款前复核' : '贷款审核'}
        时的数据，规则据此作出结论。
      </Box>
    </>
  )
}

const PersonRow = ({ person }: { person: People[number] }) => {
  const { role, name, unitName, account, unavailable, restricted } = person
  return (
    <TableRow>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{ROLES[role]}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{name}</TableCell>
      <TableCell>{unitName ?? '—'}</TableCell>
      {account ? (
        <AccountCells account={account} />
      ) : (
        <TableCell colSpan={5}>
          <Tag tone="warn">未能取得</Tag> {unavailable}
        </TableCell>
      )}
      <TableCell>{restricted ? <Tag tone="bad">受限</Tag> : '无'}</TableCell>
    </TableRow>
  )
}

const AccountCells = ({ account }: { account: NonNullable<People[number]['account']> }) => {
  const { status, place, membership, monthsContinuous, baseFen, monthlyFen, balanceFen } = account
  return (
    <>
      <TableCell>
        <Tag tone={status === 'NORMAL' ? 'good' : 'warn'}>{CONTRIBUTION_STATUSES[status]}</Tag>{' '}
        {[place === 'ELSEWHERE' ? '异地' : undefined, membership === 'FLEXIBLE' ? '灵活就业' : undefined].filter(Boolean).join('、')}
      </TableCell>
      <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
        {monthsContinuous} 个月
      </TableCell>
      {[baseFen, monthlyFen, balanceFen].map((amountFen, index) => (
        <TableCell key={COLUMNS[5 + index]} align="right" sx={{ whiteSpace: 'nowrap' }}>
          {status === 'NONE' ? '—' : yuan(amountFen)}
        </TableCell>
      ))}
    </>
  )
}
