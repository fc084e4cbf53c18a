import { pass } from '../rule.ts'
import { rentLimit } from '#rules/pension/rent-limit.ts' // ✗
import { policyAt } from '#policy/policy-at.ts' // ✗
import type { PolicySnapshot } from '#policy/policy-at.ts'

export const all = (policy: PolicySnapshot) => [pass, rentLimit, policyAt, policy]
