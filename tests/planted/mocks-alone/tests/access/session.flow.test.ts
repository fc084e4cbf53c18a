import { vi } from 'vitest'

vi.mock('#db/machine-clock.ts')
