import { example } from './loan.fixture.ts' // ✗
import { readFile } from 'node:fs/promises'

export const later = () => [example, readFile, import('express')] // ✗
