import { z } from 'zod' // ✗

export const service = z
