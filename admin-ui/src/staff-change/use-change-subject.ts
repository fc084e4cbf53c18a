import { STAFF_CHANGES } from '#contracts/staff-change.ts'
import { useCall } from '../api/use-call.ts'
import { kindLabel } from '../cases/case-text.ts'

/** 事项 of a change of rights: which change, and of whom, as far as it has been read. */
export function useChangeSubject(caseId: string, enabled: boolean): { change: string; whom: string } {
  const { data } = useCall(['case', caseId, 'staff-change'], 'readStaffChange', { params: { caseId } }, { enabled })
  const person = data?.staff ?? data?.newcomer
  return {
    change: data ? STAFF_CHANGES[data.change] : kindLabel('staff-change'),
    whom: person ? `${person.name}（${person.staffNumber}），${person.orgName}` : '',
  }
}
