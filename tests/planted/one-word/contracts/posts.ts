export const POSTS = {
  INTAKE: '受理岗',
  REVIEWER: '复审岗', // ✗
  CASHIER: '资金结算岗',
} as const
