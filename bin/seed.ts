import { loadConfig } from '#config.ts'
import { foundCity } from './found-city.ts'

console.log(`ready ${JSON.stringify(await foundCity(loadConfig(process.env, 'seed'), process.env['DEMO_PASSWORD']))}`)
