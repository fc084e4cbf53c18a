import type { PolicySnapshot } from '#policy/policy-at.ts'

/**
 * 贷款区域. Does the home lie where the centre lends? The place on the form and the one the registry has filed must both; what neither says is
 * not held against the home, and a city that has set no area asks nothing.
 */
export function inLendingArea(places: readonly (string | null | undefined)[], { values: { lendingArea } }: PolicySnapshot): boolean {
  const told = places.filter((place) => place !== null && place !== undefined)
  return lendingArea === undefined || told.every((place) => lendingArea.value.includes(place))
}
