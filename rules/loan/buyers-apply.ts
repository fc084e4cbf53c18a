/** Those named in a filed contract, by what they are in the application. */
export interface FiledBuyers {
  readonly borrower: boolean
  readonly spouse: boolean
  readonly coBorrowers: number
  readonly minorChildren: number
  /** Whom the application does not know. */
  readonly others: number
}

/**
 * 备案买受人. The home is bought by those who borrow for it: the borrower or the spouse, alone or with co-borrowers and their minor children.
 * A stranger who would own what we lend on, a child without a parent, or a co-borrower alone is not a purchase of the borrower's family.
 */
export const buyersApply = ({ borrower, spouse, others }: FiledBuyers): boolean => others === 0 && (borrower || spouse)
