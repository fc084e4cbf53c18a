import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../tests/setup/database.ts'
import { assertGuarded } from './boot-check.ts'
import { connect, type Db } from './connect.ts'
import { ROLES } from './migrate.ts'

let database: TestDatabase
let owner: Db
let reader: Db
beforeAll(async () => {
  database = await testDatabase()
  owner = connect(database.ownerUrl, { max: 1 })
  reader = connect(database.readUrl, { max: 1 })
})
afterAll(async () => {
  await Promise.all([owner.destroy(), reader.destroy()])
  await database.drop()
})

describe('what a process asks before it serves', () => {
  test('every role of the application is found to be one that policies hold for', async () => {
    const urls = { anju_read: database.readUrl, anju_desk: database.deskUrl, anju_work: database.workUrl, anju_batch: database.batchUrl }
    for (const role of ROLES) {
      const db = connect(urls[role], { max: 1 })
      await expect(assertGuarded(db, role), role).resolves.toBeUndefined()
      await db.destroy()
    }
  })

  test('a connection of the owner, or of another role than meant, is refused by name', async () => {
    await expect(assertGuarded(owner, 'anju_desk')).rejects.toThrow(/anju_owner[\s\S]*拥有：[\s\S]*case_file/)
    await expect(assertGuarded(reader, 'anju_desk')).rejects.toThrow('以 anju_read 身份连接，应为 anju_desk')
  })

  test.each([
    ['a table without row-level security', 'create table planted (n int)', 'drop table planted', '表 planted 未强制行级安全'],
    [
      'a table that its owner may read past',
      'alter table case_file no force row level security',
      'alter table case_file force row level security',
      '表 case_file 未强制',
    ],
    ['a view with its owner’s rights', 'create view planted as select * from case_file', 'drop view planted', '视图 planted'],
    ['a materialized view', 'create materialized view planted as select 1 as n', 'drop materialized view planted', '物化视图'],
    [
      'a function with its owner’s rights',
      `create function planted() returns int language sql security definer as 'select 1'`,
      'drop function planted',
      'security definer',
    ],
    [
      'the right to empty a table',
      'grant truncate on case_note to anju_read',
      'revoke truncate on case_note from anju_read',
      'truncate case_note',
    ],
    [
      'a table in a schema of its own',
      'create schema aside; create table aside.planted (n int); grant usage on schema aside to anju_read; grant select on aside.planted to anju_read',
      'drop schema aside cascade',
      'aside.planted',
    ],
  ])('%s is found', async (_what, plant, remove, words) => {
    await sql.raw(plant).execute(owner)
    try {
      await expect(assertGuarded(reader, 'anju_read')).rejects.toThrow(words)
    } finally {
      await sql.raw(remove).execute(owner)
    }
    await assertGuarded(reader, 'anju_read')
  })

  test('a view that reads with the rights of whoever asks is none of these', async () => {
    await sql.raw('create view planted with (security_invoker = true) as select * from case_file').execute(owner)
    await assertGuarded(reader, 'anju_read')
    await sql.raw('drop view planted').execute(owner)
  })
})

