import { vi } from 'vitest'

vi.spyOn(globalThis, 'fetch')
