import { totalmem } from 'node:os'

/** postgresql.conf of the embedded server: durable, modest in memory, quiet about the data in its log. */
export function embeddedSettings(memoryBytes: number = totalmem()): string[] {
  return [
    'fsync = on',
    'full_page_writes = on',
    'synchronous_commit = on',
    `shared_buffers = ${memoryBytes >= 2 ** 31 ? '256MB' : '128MB'}`,
    'max_connections = 60',
    'max_wal_size = 2GB',
    'checkpoint_timeout = 15min',
    'wal_compression = pglz', // built without lz4 and zstd
    'jit = off',
    'log_timezone = UTC',
    'timezone = UTC',
    'log_checkpoints = off',
    'log_min_error_statement = panic', // statements and details carry users' data
    'log_error_verbosity = terse',
  ]
}
