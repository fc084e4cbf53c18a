import type { z } from 'zod'
import type { Post } from './posts.ts'

/** Who may call: anyone, anyone signed in, or the holders of one of the posts. The permission table of the whole API is the sum of these. */
export type Access = 'PUBLIC' | 'SIGNED_IN' | readonly Post[]

export interface EndpointSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Express path with `:params`, relative to the API root. */
  readonly path: string
  readonly summary: string
  readonly access: Access
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly response: z.ZodType
  readonly status?: 200 | 201
  /** Changes something for good: needs `Idempotency-Key`, and `If-Match` when it moves a case. */
  readonly command?: 'CASE' | 'DESK'
  readonly ifMatch?: true
  /** The answer says what is nowhere kept in clear: nor is it in the receipt of the command. */
  readonly sealedReceipt?: true
}

/** One line of the contract: server, console and OpenAPI derive from the same object. */
export const endpoint = <const E extends EndpointSpec>(spec: E): E => spec

type In<T> = T extends z.ZodType ? z.input<T> : undefined
type Out<T> = T extends z.ZodType ? z.output<T> : undefined

/** What a client sends. */
export interface RequestOf<E extends EndpointSpec> {
  params: In<E['params']>
  query: In<E['query']>
  body: In<E['body']>
}

/** What a handler receives after parsing. */
export interface ParsedOf<E extends EndpointSpec> {
  params: Out<E['params']>
  query: Out<E['query']>
  body: Out<E['body']>
}

/** What a handler returns before serialisation. */
export type AnswerOf<E extends EndpointSpec> = z.input<E['response']>
