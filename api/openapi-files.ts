import { z } from 'zod'
import type { ZodOpenApiOperationObject } from 'zod-openapi'
import { uploadDocument } from '#contracts/api/documents.ts'
import type { ProblemCode } from '#contracts/problem.ts'
import { operationOf } from './openapi-operation.ts'
import { problemResponses } from './openapi-problems.ts'

interface FileOperation {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly operation: ZodOpenApiOperationObject
}

const ALWAYS: readonly ProblemCode[] = ['NOT_SIGNED_IN', 'INTERNAL', 'UNAVAILABLE']
const CASES = '案件与待办'
const SIGNED_IN = '登录即可；可见与可办的范围由机构和岗位决定'

const media = (type: string) => ({ [type]: { schema: { type: 'string' as const, contentMediaType: type } } })

/** The four routes that do not speak JSON, mounted by hand in `api/files.ts` and `api/events.ts`. */
export const fileOperations: readonly FileOperation[] = [
  {
    path: uploadDocument.path,
    method: uploadDocument.method,
    operation: {
      ...operationOf('uploadDocument', CASES, uploadDocument),
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['file', 'material'],
              properties: {
                file: { type: 'string', contentMediaType: 'application/octet-stream', description: '文件' },
                material: { type: 'string', pattern: '^[A-Z_]{2,40}$', description: '材料代码，见申请表参数' },
              },
            },
          },
        },
      },
    },
  },
  {
    path: '/documents/:documentId/content',
    method: 'GET',
    operation: {
      operationId: 'readDocument',
      tags: [CASES],
      summary: '材料原件（留痕）',
      description: SIGNED_IN,
      requestParams: { path: z.object({ documentId: z.uuid() }) },
      responses: {
        '200': {
          description: '成功',
          content: { ...media('application/pdf'), ...media('image/jpeg'), ...media('image/png'), ...media('image/webp') },
        },
        ...problemResponses(['NOT_FOUND', ...ALWAYS]),
      },
    },
  },
  {
    path: '/papers/:paperId',
    method: 'GET',
    operation: {
      operationId: 'readPaper',
      tags: [CASES],
      summary: '文书（PDF，首次查看时由留存的内容生成，留痕）',
      description: SIGNED_IN,
      requestParams: { path: z.object({ paperId: z.uuid() }) },
      responses: {
        '200': { description: '成功', content: media('application/pdf') },
        ...problemResponses(['NOT_FOUND', 'CONFLICT', ...ALWAYS]),
      },
    },
  },
  {
    path: '/events',
    method: 'GET',
    operation: {
      operationId: 'listenToEvents',
      tags: [CASES],
      summary: '事件流：有变化的案件及其版本，不含个人信息；可用 Last-Event-ID 续读',
      description: SIGNED_IN,
      requestParams: {
        header: z.object({
          'Last-Event-ID': z.string().optional().describe('上次收到的事件标识（密文）；不能辨认的，自此刻起通知'),
        }),
      },
      responses: { '200': { description: '事件流', content: media('text/event-stream') }, ...problemResponses(ALWAYS) },
    },
  },
]
