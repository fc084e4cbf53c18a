import { z } from 'zod'
import { join } from 'node:path'
import { Root } from 'protobufjs'
import { Decimal } from 'decimal.js' // ✗
import { plainDate } from '#contracts/dates.ts'

export const used = [z, join, Root, Decimal, plainDate]
