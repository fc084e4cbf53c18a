import type { StageTable } from '#contracts/stages.ts'

export const STAFF_CHANGE_STAGES = ['PROPOSED', 'IN_FORCE', 'REJECTED'] as const
export type StaffChangeStage = (typeof STAFF_CHANGE_STAGES)[number]

/** Rights change under two people (人员权限变更): the system administrator proposes, the security administrator confirms. */
export const staffChangeStages: StageTable<StaffChangeStage> = {
  PROPOSED: {
    label: '待安全管理员确认', order: 1, posts: ['SEC_ADMIN'], group: 'CONFIRM', clock: 'NONE', daysAllowed: 2,
    actions: {
      confirm: { label: '确认生效', to: ['IN_FORCE'], needs: ['step-up'], tone: 'forward' },
      reject: { label: '驳回', to: ['REJECTED'], needs: ['opinion'], tone: 'end' },
    },
  },
  IN_FORCE: { label: '已生效', order: 2, posts: [], clock: 'NONE', terminal: true, aim: true, actions: {} },
  REJECTED: { label: '已驳回', order: 2, posts: [], clock: 'NONE', terminal: true, actions: {} },
}
