const PLACES = 'anju.searched.'

/** Where a tab keeps what a list is searched for. */
export const searchedPlace = (list: string): string => PLACES + list

/** Whoever signs out, or comes in after somebody else, finds nothing searched for. */
export function forgetSearched(): void {
  for (const place of Object.keys(sessionStorage)) if (place.startsWith(PLACES)) sessionStorage.removeItem(place)
}
