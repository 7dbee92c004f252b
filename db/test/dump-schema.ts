import type { Pool } from 'pg'

/** The schema as SQL, from the catalog: tables, indexes and grants, without partitions. The same text for the same schema. */
export async function dumpSchema(owner: Pool): Promise<string> {
  const { rows } = await owner.query<{ statement: string }>(`
    with tables as (
      select oid, relname, relkind from pg_class
       where relnamespace = 'groundtrack'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migration'
    ),
    columns as (
      select attrelid as oid, attnum as position, '  ' || attname || ' ' || format_type(atttypid, atttypmod)
             || case when attidentity = 'a' then ' GENERATED ALWAYS AS IDENTITY' else '' end
             || case when attnotnull then ' NOT NULL' else '' end
             || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') as line
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
       where attnum > 0 and not attisdropped
      union all
      select conrelid, 10000 + row_number() over (order by conname), '  CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where contype in ('p', 'u', 'f', 'c', 'x')
    ),
    statements as (
    select relname as name, 1 as part,
           'CREATE TABLE ' || relname || E' (\\n' || string_agg(line, E',\\n' order by position) || E'\\n)'
           || case when relkind = 'p' then ' PARTITION BY ' || pg_get_partkeydef(oid) else '' end || ';' as statement
      from tables join columns using (oid) group by oid, relname, relkind
    union all
    select relname, 2, pg_get_indexdef(indexrelid) || ';'
      from pg_index join tables on indrelid = oid
     where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
    union all
    select relname, 3, 'GRANT ' || string_agg(privilege_type, ', ' order by privilege_type) || ' ON ' || relname || ' TO ' || grantee || ';'
      from information_schema.role_table_grants join tables on relname = table_name
     where table_schema = 'groundtrack' and grantee like 'groundtrack\\_%' group by relname, grantee
)
    select statement from statements order by name, part, statement collate "C"`)
  return `${rows.map(({ statement }) => statement.replaceAll('groundtrack.', '')).join('\n')}\n`
}
