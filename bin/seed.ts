import { loadConfig } from '#config.ts'
import { foundCity } from './found-city.ts'

const config = loadConfig(process.env, 'seed')
console.log(`ready ${JSON.stringify(await foundCity(config, config.DEMO_PASSWORD))}`)
