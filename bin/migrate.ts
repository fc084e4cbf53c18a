import { loadConfig } from '#config.ts'
import { migrate } from '#db/migrate.ts'
import { ready } from './ready.ts'

const config = loadConfig(process.env, 'migrate')
const passwordOf = (url: string): string => decodeURIComponent(new URL(url).password)

const applied = await migrate({
  ownerUrl: config.DATABASE_URL,
  rolePasswords: {
    anju_read: passwordOf(config.DATABASE_URL_READ),
    anju_desk: passwordOf(config.DATABASE_URL_DESK),
    anju_work: passwordOf(config.DATABASE_URL_WORK),
    anju_batch: passwordOf(config.DATABASE_URL_BATCH),
  },
})
ready({ applied })
