import { sendPayment } from '#activities/loan/payment.ts'
import { cases } from './other.test.ts' // ✗

export const both = [sendPayment, cases]
