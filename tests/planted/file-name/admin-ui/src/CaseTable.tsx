export const CaseTable = 1
