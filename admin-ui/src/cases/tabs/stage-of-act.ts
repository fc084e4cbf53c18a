/**
 * The stage an act of the archive was done in: a decision names where it led from, a refusal where it was tried.
 * @param body the row's own JSON, as it was hashed
 */
export function stageOfAct(body: string): string | undefined {
  const { from, stage } = JSON.parse(body) as { readonly from?: unknown; readonly stage?: unknown }
  return [from, stage].find((one) => typeof one === 'string')
}
