// Planted: the linter must refuse this call. Kept out of the ordinary run by .oxlintrc.json.
async function payOut(): Promise<void> {}

export function decide(): void {
  payOut()
}
