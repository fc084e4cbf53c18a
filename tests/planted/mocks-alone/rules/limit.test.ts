import { vi } from 'vitest'

// Of a unit test; the console's mock too.
vi.mock('./rate.ts')
