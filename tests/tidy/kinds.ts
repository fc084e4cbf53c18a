import { declaredObject } from './parse.ts'
import type { Finding, HouseRule } from './rule.ts'
import type { Tree } from './tree.ts'

/** The kinds of case as `contracts/cases.ts` names them. */
export function kindsIn(tree: Tree): { kind: string; line: number }[] {
  const file = tree.find('contracts/cases.ts')
  return file ? declaredObject(file.parsed(), 'CASE_KINDS').map(({ key, line }) => ({ kind: key, line })) : []
}

/** Where a kind of case is found in each layer: by its own name. */
const PLACES: Readonly<Record<string, (kind: string) => string>> = {
  contracts: (kind) => `contracts/${kind}.ts`,
  rules: (kind) => `rules/${kind}/stages.ts`,
  workflows: (kind) => `workflows/${kind}.ts`,
  activities: (kind) => `activities/${kind}.ts`,
  api: (kind) => `api/${kind}.ts`,
  'admin-ui': (kind) => `admin-ui/src/${kind}`,
}

/** Where a layer has another place for a kind, and why. An entry whose reason has gone is itself a finding. */
const ELSEWHERE: Readonly<Record<string, { readonly place: string; readonly why: string }>> = {
  'api/loan': { place: 'api/loans.ts', why: 'the file answers the collection /loans and carries its name' },
}

export const sameNoun: HouseRule = {
  id: 'same-noun',
  message:
    'One kind of case has one name in every layer, so that search, blame and talk work on one word. Name the file after the kind, ' +
    'or enter the other place with its reason in tests/tidy/kinds.ts.',
  check: (tree) => kindsIn(tree).flatMap(({ kind, line }) => Object.keys(PLACES).flatMap((layer) => missing(tree, layer, kind, line))),
}

function missing(tree: Tree, layer: string, kind: string, line: number): Finding[] {
  const usual = PLACES[layer]?.(kind) ?? ''
  const other = ELSEWHERE[`${layer}/${kind}`]
  const at = { path: 'contracts/cases.ts', line }
  if (other && tree.has(usual)) return [{ ...at, what: `${usual} is there now: take ${layer}/${kind} out of the exceptions` }]
  const place = other?.place ?? usual
  return tree.has(place) ? [] : [{ ...at, what: `${place} is missing` }]
}
