/** The document as far as the page shows it. */
export interface DocumentShown {
  readonly openapi: string
  readonly info: { readonly title: string; readonly description: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
    readonly description?: string
  }[]
  readonly requestBody?: Body
  readonly responses: Readonly<Record<string, Body>>
}

interface Body {
  readonly description?: string
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
}

/** Text that is safe to stand in a page: it has been escaped, or it is markup of ours. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '')

type Part = string | number | Html | readonly Html[]

/** Markup with everything put into it escaped, except what is markup already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const textOf = (part: Part): string =>
    part instanceof Html ? part.text : typeof part === 'object' ? part.map((one) => one.text).join('') : escape(String(part))
  return new Html(strings.map((string, index) => string + (index < parts.length ? textOf(parts[index] ?? '') : '')).join(''))
}

const NOTHING = html``

/** Every operation, by group, folded. */
export function operationsHtml({ paths, tags }: DocumentShown): Html {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const inGroup = (name: string) => operations.filter(({ operation }) => operation.tags.includes(name))
  return html`${tags.map(
    ({ name }) =>
      html`<section>
        <h2>${name}</h2>
        ${inGroup(name).map(({ path, method, operation }) => operationHtml(path, method, operation))}
      </section> `,
  )}`
}

const operationHtml = (path: string, method: string, operation: Operation): Html =>
  html`<details class="operation" id="${operation.operationId}">
    <summary><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code> <span>${operation.summary}</span></summary>
    <p>${operation.description}</p>
    ${parametersHtml(operation)}${operation.requestBody ? bodyHtml('请求', operation.requestBody) : NOTHING}
    ${Object.entries(operation.responses).map(([status, body]) => bodyHtml(status, body))}
  </details> `

const PLACES: Readonly<Record<string, string>> = { path: '地址', query: '查询', header: '请求头' }

function parametersHtml({ parameters = [] }: Operation): Html {
  if (parameters.length === 0) return NOTHING
  const rows = parameters.map(
    (one) =>
      html`<tr>
        <td><code>${one.name}</code></td>
        <td>${PLACES[one.in] ?? one.in}</td>
        <td>${one.required ? '必填' : ''}</td>
        <td>${typeHtml(one.schema)}</td>
        <td>${one.description ?? ''}</td>
      </tr> `,
  )
  return html`<table>
    <caption>
      参数
    </caption>
    ${rows}
  </table> `
}

/** A request or one answer: what it means, its media type, its fields. */
function bodyHtml(title: string, { description = '', content }: Body): Html {
  const shapes = Object.entries(content).map(
    ([type, { schema }]) =>
      html`<p class="media">${type} ${typeHtml(schema)}</p>
        ${fieldsHtml(schema)}`,
  )
  return html`<div class="content">
    <h4>${title} <small>${description}</small></h4>
    ${shapes}
  </div> `
}

/** The named shapes, each with its fields. */
export const schemasHtml = ({ components }: DocumentShown): Html =>
  html`${Object.entries(components.schemas).map(
    ([name, schema]) =>
      html`<details class="schema" id="schema-${name}">
        <summary><code>${name}</code> <span>${schema.description ?? ''}</span></summary>
        <p>${typeHtml(schema)}</p>
        ${fieldsHtml(schema)}
      </details> `,
  )}`

/** The fields of an object, those of its parts set in; a named shape is a link, not a repetition. */
function fieldsHtml(schema: Schema): Html {
  if (schema.$ref) return NOTHING
  if (schema.items) return fieldsHtml(schema.items)
  const { properties, required = [] } = schema.properties ? schema : ((schema.anyOf ?? []).find((one) => one.properties) ?? {})
  if (!properties) return NOTHING
  const rows = Object.entries(properties).map(
    ([name, field]) =>
      html`<tr>
        <td><code>${name}</code></td>
        <td>${required.includes(name) ? '必有' : ''}</td>
        <td>${typeHtml(field)}${fieldsHtml(field)}</td>
        <td>${field.description ?? ''}</td>
      </tr> `,
  )
  return html`<table>
    ${rows}
  </table> `
}

const TYPES: Readonly<Record<string, string>> = {
  string: '文本',
  integer: '整数',
  number: '数',
  boolean: 'true／false',
  object: '对象',
  array: '列表',
  null: 'null',
}

/** One line: what kind of value, which values, how long. */
function typeHtml(schema: Schema): Html {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return html`<a href="#schema-${name}">${name}</a>`
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum) return html`${schema.enum.map((value) => html`<code>${String(value)}</code> `)}`
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return html`${branches.map((branch, index) => html`${index > 0 ? ' 或 ' : ''}${typeHtml(branch)}`)}`
  if (schema.items) return html`列表：${typeHtml(schema.items)}`
  const types = [schema.type ?? '任意'].flat().map((type) => TYPES[type] ?? type)
  return html`${types.join(' 或 ')}${limitsOf(schema)}`
}

function limitsOf({ minimum, maximum, minLength, maxLength, pattern, format }: Schema): Html {
  const isLimit = (one: number | undefined): boolean => one !== undefined && Math.abs(one) < Number.MAX_SAFE_INTEGER
  const within = (low: number | undefined, high: number | undefined): string =>
    isLimit(low) || isLimit(high) ? ` ${isLimit(low) ? low : ''}…${isLimit(high) ? high : ''}` : ''
  const shown = pattern && format === undefined ? html` <code class="pattern">${pattern}</code>` : NOTHING
  return html`${within(minimum, maximum)}${within(minLength, maxLength)}${shown}`
}
