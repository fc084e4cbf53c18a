import { vi } from 'vitest'

vi.mock('./connect.ts', () => ({})) // ✗
