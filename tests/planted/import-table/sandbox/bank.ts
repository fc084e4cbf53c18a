import { bankPayment } from '#contracts/machine/bank.ts'
import { signRequest } from '#activities/ports/http-signature.ts'
import { loanApplication } from '#contracts/loan.ts' // ✗
import { connect } from '#db/connect.ts' // ✗

export const bank = [bankPayment, signRequest, loanApplication, connect]
