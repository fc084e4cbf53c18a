const refusal = (label: string, article: string) => ({ label, article })
export const REASON_CODES = {
  NOT_ADULT: { ...refusal('未成年', '《民法典》'), text: '{who}未满18周岁' },
}
