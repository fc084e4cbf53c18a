import { createDocument, type CreateDocumentOptions, type ZodOpenApiPathsObject } from 'zod-openapi'
import { api } from '#contracts/api/api.ts'
import { caseApi } from '#contracts/api/cases.ts'
import { houseApi } from '#contracts/api/house.ts'
import { incidentApi } from '#contracts/api/incidents.ts'
import { loanApi } from '#contracts/api/loans.ts'
import { sessionApi } from '#contracts/api/session.ts'
import type { EndpointSpec } from '#contracts/endpoint.ts'
import { problem, PROBLEMS } from '#contracts/problem.ts'
import { fileOperations } from './openapi-files.ts'
import { operationOf } from './openapi-operation.ts'

/** The contract in groups, as people look for things. */
const GROUPS = {
  会话与设置: sessionApi,
  案件与待办: caseApi,
  贷款: loanApi,
  '机构、资金与运行': { ...houseApi, ...incidentApi },
} satisfies Record<string, Record<string, EndpointSpec>>

export type OpenApiDocument = ReturnType<typeof createDocument>

/** The whole contract as OpenAPI 3.1. Nothing is said here that the contract does not say; a test compares it with `docs/openapi.json`. */
export function openApiDocument(): OpenApiDocument {
  const operations = Object.entries(GROUPS).flatMap(([group, endpoints]) =>
    Object.entries(endpoints).map(([name, spec]: [string, EndpointSpec]) => ({
      path: spec.path,
      method: spec.method,
      operation: operationOf(name, group, spec),
    })),
  )
  if (operations.length !== Object.keys(api).length) throw new Error('an endpoint of the contract is in no group')
  const paths: ZodOpenApiPathsObject = {}
  for (const { path, method, operation } of [...operations, ...fileOperations]) {
    const address = `/api${path.replaceAll(/:(\w+)/g, '{$1}')}`
    paths[address] = { ...paths[address], [method.toLowerCase()]: operation }
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: '安居接口', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }, description: INTRODUCTION },
      tags: Object.keys(GROUPS).map((name) => ({ name })),
      paths,
      security: [{ session: [] }],
      components: {
        schemas: { Problem: problem },
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-anju',
            description: '登录（POST /api/session）后由服务器设置；HttpOnly、Secure、SameSite=Strict',
          },
        },
      },
    },
    { override: textOnTheWire },
  )
}

const INTRODUCTION = [
  '由 contracts/ 中的契约生成，与服务器实际校验的内容相同。金额一律为整数分的十进制文本，日期为北京时间 YYYY-MM-DD，时刻为 UTC。',
  '未登记的字段与查询参数一律拒绝。所有错误均为 application/problem+json，code 稳定不变：',
  ...Object.entries(PROBLEMS).map(([code, [status, title]]) => `- \`${code}\`（${status}）${title}`),
].join('\n')

/** A date is text that has been checked: its brand is the compiler's affair, on the wire it is the text it was. */
const textOnTheWire: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema, zodSchema, io }) => {
  const { def } = zodSchema._zod
  if (io === 'output' && def.type === 'pipe' && jsonSchema.type === undefined) jsonSchema.type = 'string'
}
