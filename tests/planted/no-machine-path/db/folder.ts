export const folder = '/root/data' // ✗
import { figures } from '../shared/figures.ts'
export const home = [figures, '/home/anju'] // ✗
