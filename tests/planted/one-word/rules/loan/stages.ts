export const LOAN_STAGES = ['SUBMITTED', 'DISBURSED'] as const
export const loanStages = {
  SUBMITTED: { label: '待受理', order: 1 },
  DISBURSED: { label: '已放款', order: 14 }, // ✗
}
