import { z } from 'zod'
import type { ZodOpenApiOperationObject } from 'zod-openapi'
import type { EndpointSpec } from '#contracts/endpoint.ts'
import { POSTS } from '#contracts/posts.ts'
import { problemResponses, problemsOf } from './openapi-problems.ts'

/** One endpoint as an operation: what must come along, what is answered, what may go wrong. */
export function operationOf(operationId: string, group: string, spec: EndpointSpec): ZodOpenApiOperationObject {
  const header = headersOf(spec)
  return {
    operationId,
    tags: [group],
    summary: spec.summary,
    description: accessText(spec),
    ...(spec.access === 'PUBLIC' ? { security: [] } : {}),
    requestParams: {
      ...(spec.params ? { path: spec.params } : {}),
      ...(spec.query ? { query: spec.query } : {}),
      ...(header ? { header } : {}),
    },
    ...(spec.body ? { requestBody: { required: true, content: { 'application/json': { schema: spec.body } } } } : {}),
    responses: {
      [`${spec.status ?? 200}`]: { description: '成功', content: { 'application/json': { schema: spec.response } } },
      ...(spec.command === 'CASE'
        ? { '202': { description: '仍在办理：按 Location 所指的地址查询结果', content: { 'application/json': { schema: spec.response } } } }
        : {}),
      ...problemResponses(problemsOf(spec)),
    },
  }
}

function accessText({ access }: EndpointSpec): string {
  if (access === 'PUBLIC') return '无需登录'
  if (access === 'SIGNED_IN') return '登录即可；可见与可办的范围由机构和岗位决定'
  return `限：${access.map((post) => POSTS[post]).join('、')}`
}

function headersOf(spec: EndpointSpec): z.ZodObject | undefined {
  const headers = {
    ...(spec.method === 'GET' ? {} : { 'X-Anju': z.literal('1').describe('防跨站请求：浏览器页面以外也须带上') }),
    ...(spec.command
      ? {
          'Idempotency-Key': z
            .string()
            .regex(/^"?[A-Za-z0-9_-]{8,80}"?$/)
            .describe('幂等键：重发时不变，得到同一结果；同键不同内容为 422'),
        }
      : {}),
    ...(spec.ifMatch
      ? {
          'If-Match': z
            .string()
            .regex(/^(W\/)?"v\d{1,9}"$/)
            .describe('案件版本，取自读取案件时的 ETag，例如 "v7"'),
        }
      : {}),
  }
  return Object.keys(headers).length > 0 ? z.object(headers) : undefined
}
