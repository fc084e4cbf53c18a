import { z } from 'zod'
import { fen } from './money.ts'
import type { Post } from '#rules/cases/obstacle.ts' // ✗
import decimal from 'decimal.js' // ✗

export const CASE_KINDS = { loan: '住房贷款', pension: '养老' } as const
export const used = [z, fen, decimal] satisfies (Post | unknown)[]
