import type { z } from 'zod'

type Schema = z.core.JSONSchema._JSONSchema

/** One line per field of a JSON schema: path, kind of value and description, so that help never differs from what is checked. */
export function fieldLines(root: z.core.JSONSchema.BaseSchema): string[] {
  return linesOf(root, '', root)
}

function linesOf(given: Schema, path: string, root: z.core.JSONSchema.BaseSchema): string[] {
  const schema = resolved(given, root)
  const external = knownBranch(schema)
  if (external) return [line(path, '外部数据', schema), ...linesOf(external, `${path}.value`, root)]
  const inner = notNull(schema, root)
  const heading = path === '' ? [] : [line(path, kindOf(schema, root), { ...inner, ...schema })]
  const item = inner.items && !Array.isArray(inner.items) ? linesOf(inner.items, `${path}[]`, root).slice(1) : []
  const fields = Object.entries(inner.properties ?? {}).flatMap(([name, field]) =>
    linesOf(field, path === '' ? name : `${path}.${name}`, root),
  )
  return [...heading, ...fields, ...item]
}

const line = (path: string, kind: string, { description }: { description?: string | undefined }): string =>
  `  ${path}  〔${kind}〕${description ? ` ${description}` : ''}`

function resolved(schema: Schema, root: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  if (typeof schema === 'boolean') return {}
  const name = schema.$ref?.replace('#/$defs/', '')
  const target = name === undefined ? undefined : root.$defs?.[name]
  return target === undefined ? schema : { ...resolved(target, root), ...(schema.description ? { description: schema.description } : {}) }
}

const branchesOf = (schema: z.core.JSONSchema.BaseSchema): Schema[] => schema.oneOf ?? schema.anyOf ?? []

/** An external fact is told apart by its two states; of the one that is known, the value is what needs describing. */
function knownBranch(schema: z.core.JSONSchema.BaseSchema): Schema | undefined {
  for (const branch of branchesOf(schema)) {
    const properties = typeof branch === 'boolean' ? undefined : branch.properties
    const state = properties?.['state']
    if (typeof state === 'object' && state.const === 'KNOWN') return properties?.['value']
  }
  return undefined
}

function notNull(schema: z.core.JSONSchema.BaseSchema, root: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  const other = branchesOf(schema).find((branch) => typeof branch === 'object' && branch.type !== 'null')
  return other === undefined ? schema : resolved(other, root)
}

function kindOf(schema: z.core.JSONSchema.BaseSchema, root: z.core.JSONSchema.BaseSchema): string {
  const inner = notNull(schema, root)
  const nullable = inner === schema ? '' : '，可为 null'
  if (inner.enum) return inner.enum.join('｜') + nullable
  const kinds = {
    string: '文本',
    integer: '整数',
    number: '数',
    boolean: 'true｜false',
    array: '列表',
    object: '对象',
    null: 'null',
  } as const
  const bounds = inner.type === 'integer' ? ` ${inner.minimum ?? ''}…${inner.maximum ?? ''}` : ''
  const kind = typeof inner.type === 'string' ? kinds[inner.type] : '值'
  return `${kind}${bounds}${nullable}`
}
