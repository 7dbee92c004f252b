import type { Config } from '../config.js'
import { describeDatabase, prepareDatabase, startDatabase } from './database.js'

/** `groundtrack migrate`: the schema only. The embedded PostgreSQL is started for it, and stopped. */
export async function runMigrations(config: Config): Promise<void> {
  console.log(describeDatabase(config))
  const embedded = config.databaseUrl === undefined ? await startDatabase(config.dataDir, console.log) : undefined
  try {
    const applied = await prepareDatabase(config.databaseUrl ?? embedded?.url ?? '')
    console.log(applied.length > 0 ? `applied ${applied.join(', ')}` : 'the schema is up to date')
  } finally {
    await embedded?.stop()
  }
}
