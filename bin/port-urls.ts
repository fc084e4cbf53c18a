import type { Counterpart } from '#contracts/machine/message.ts'

type Addresses = Record<`SANDBOX_URL_${'REGISTRY' | 'HOUSING' | 'CREDIT' | 'CIVIL' | 'CITIES' | 'BANK' | 'GUARANTOR' | 'MESSAGES'}`, string>

/** Base addresses of the houses outside, as the environment names them. */
export const portUrls = (config: Addresses): Record<Counterpart, string> => ({
  registry: config.SANDBOX_URL_REGISTRY,
  housing: config.SANDBOX_URL_HOUSING,
  credit: config.SANDBOX_URL_CREDIT,
  civil: config.SANDBOX_URL_CIVIL,
  cities: config.SANDBOX_URL_CITIES,
  bank: config.SANDBOX_URL_BANK,
  guarantor: config.SANDBOX_URL_GUARANTOR,
  messages: config.SANDBOX_URL_MESSAGES,
})
