export const CaseHead = 1 // ✗
