import { vi } from 'vitest'

vi.doMock('#db/machine-clock.ts') // ✗
