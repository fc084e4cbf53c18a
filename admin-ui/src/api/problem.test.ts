import { expect, test } from 'vitest'
import { ApiProblem, fieldErrors, isAnswer, networkProblem, problemOf } from './problem.ts'

const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } })

test('服务端的拒绝认得出，标题、理由与办理人都在', async () => {
  const problem = await problemOf(answer(412, { code: 'STALE', title: '案件已被他人办理，请刷新', status: 412, decided_by: '周振夏' }))
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({ status: 412, code: 'STALE', problem: { decided_by: '周振夏' } })
})

test.each([
  [503, 'UNAVAILABLE'],
  [403, 'FORBIDDEN'],
  [401, 'NOT_SIGNED_IN'],
  [409, 'CONFLICT'],
  [404, 'NOT_FOUND'],
] as const)('不是约定格式的错误页，按状态码 %d 归类', async (status, code) => {
  const problem = await problemOf(new Response('<html>', { status }))
  expect(problem.code).toBe(code)
})

test.each([
  ['#/spouse/idNumber', { spouse: { idNumber: '有误' } }],
  ['#/children/1/name', { children: { 1: { name: '有误' } } }],
  ['#/opinion', { opinion: '有误' }],
  ['#', { root: { serverError: '有误' } }],
])('逐项错误 %s 落在自己的栏目上', (pointer, errors) => {
  expect(fieldErrors({ errors: [{ pointer, code: 'X', detail: '有误' }] })).toEqual(errors)
})

test.each([
  ['已有答复的拒绝', new ApiProblem(409, 'FOUR_EYES', {}), true],
  ['仍在处理', new ApiProblem(409, 'STILL_RUNNING', {}), false],
  ['没有应答', networkProblem(), false],
  ['服务端故障', new ApiProblem(500, 'INTERNAL', {}), false],
])('%s 之后，幂等键是否作废', (_, problem, settled) => expect(isAnswer(problem)).toBe(settled))
