import { loadConfig } from '#config.ts'
import { foundCity } from './found-city.ts'
import { ready } from './ready.ts'

const config = loadConfig(process.env, 'seed')
ready({ ...(await foundCity(config, config.DEMO_PASSWORD)) })
