import { sql } from 'kysely'
import type { Db } from './connect.ts'
import type { RoleName } from './migrate.ts'

/** Thrown before a process serves: the database would not keep people apart. Names what is wrong, in words for the operator. */
export class Unguarded extends Error {
  override readonly name = 'Unguarded'
}

/**
 * Refuses a connection on which row-level security would not hold: another role than meant, one that owns or bypasses, a table without
 * forced policies within its reach, a view or a function that reads with its owner's rights. Asked of the catalog at every start, because
 * the configuration of a database outlives the migrations that made it.
 * @throws Unguarded naming every finding
 */
export async function assertGuarded(db: Db, role: RoleName): Promise<void> {
  const found = [...(await wrongWithRole(db, role)), ...(await wrongWithTables(db)), ...(await wrongWithCode(db))]
  if (found.length > 0) throw new Unguarded(`数据库访问控制不完整，${role} 未启动：\n${found.map((line) => `  ${line}`).join('\n')}`)
}

async function wrongWithRole(db: Db, role: RoleName): Promise<string[]> {
  const { rows } = await sql<{ name: string; mighty: boolean; member_of: string[]; owned: string[]; hired: string[] }>`
    select r.rolname as name, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication as mighty,
      (select coalesce(array_agg(g.rolname::text), '{}') from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as member_of,
      (select coalesce(array_agg(c.relname::text), '{}') from pg_class c where c.relowner = r.oid)
        || (select coalesce(array_agg(n.nspname::text), '{}') from pg_namespace n where n.nspowner = r.oid)
        || (select coalesce(array_agg(d.datname::text), '{}') from pg_database d where d.datdba = r.oid)
        || (select coalesce(array_agg(f.proname::text), '{}') from pg_proc f where f.proowner = r.oid) as owned,
      (select coalesce(array_agg(p.priv || ' ' || c.relname order by c.relname), '{}') from pg_class c
        cross join (values ('truncate'), ('references'), ('trigger')) p(priv)
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and has_table_privilege(r.oid, c.oid, p.priv)) as hired
    from pg_roles r where r.rolname = current_user`.execute(db)
  const [row] = rows
  if (!row) return ['连接没有角色']
  return [
    ...(row.name === role ? [] : [`以 ${row.name} 身份连接，应为 ${role}`]),
    ...(row.mighty ? [`${row.name} 是超级用户，或可绕过行级安全、建角色、建库、复制`] : []),
    ...(row.member_of.length > 0 ? [`${row.name} 是其他角色的成员：${row.member_of.join('、')}`] : []),
    ...(row.owned.length > 0 ? [`${row.name} 拥有：${row.owned.join('、')}`] : []),
    ...(row.hired.length > 0 ? [`${row.name} 持有行级安全不管的权限：${row.hired.join('、')}`] : []),
  ]
}

/** Every table the role can touch, in whatever schema; the list of applied migrations holds nothing of anybody. */
async function wrongWithTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string; kind: string; forced: boolean; invoker: boolean }>`
    select c.oid::regclass::text as name, c.relkind::text as kind, c.relrowsecurity and c.relforcerowsecurity as forced,
      coalesce('security_invoker=true' = any(c.reloptions) or 'security_invoker=on' = any(c.reloptions), false) as invoker
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
      and c.relname not like 'kysely\\_%' and has_schema_privilege(n.oid, 'usage')
      and (n.nspname = 'public' or has_any_column_privilege(c.oid, 'select, insert, update, references'))
    order by 1`.execute(db)
  return rows.flatMap(({ name, kind, forced, invoker }) => {
    if (kind === 'v') return invoker ? [] : [`视图 ${name} 以其所有者的权限读取（缺 security_invoker）`]
    if (kind === 'm' || kind === 'f') return [`${name} 不受行级安全约束（物化视图或外部表）`]
    return forced ? [] : [`表 ${name} 未强制行级安全`]
  })
}

/** A function with its owner's rights is a way round every policy. There is none, and none may appear unseen. */
async function wrongWithCode(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select f.oid::regprocedure::text as name from pg_proc f join pg_namespace n on n.oid = f.pronamespace
    where f.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by 1`.execute(db)
  return rows.map(({ name }) => `函数 ${name} 以其所有者的权限执行（security definer）`)
}
