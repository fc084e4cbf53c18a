/** Where a value holds, from a reporting entity up to the nation. A reporting entity (独立核算主体) is what a case belongs to. */
export const SCOPES = {
  national: { label: '全国', within: null },
  henan: { label: '河南省', within: 'national' },
  xinxiang: { label: '新乡市住房公积金管理中心', within: 'henan' },
  changyuan: { label: '长垣市住房公积金管理中心', within: 'henan' },
} as const satisfies Record<string, { readonly label: string; readonly within: string | null }>

export type Scope = keyof typeof SCOPES

/** Scopes whose cases are decided here. */
export const ENTITIES = ['xinxiang', 'changyuan'] as const satisfies readonly Scope[]
export type Entity = (typeof ENTITIES)[number]

/** Whether this is one of the reporting entities (核算主体) that the policy knows. */
export const isEntity = (text: string): text is Entity => ENTITIES.some((entity) => entity === text)

/** The scope itself and those it lies within, narrowest first. */
export function scopesOf(scope: Scope): readonly Scope[] {
  const wider = SCOPES[scope].within
  return wider === null ? [scope] : [scope, ...scopesOf(wider)]
}
