import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  /** A loopback address. */
  host: string
  /** 0 takes a free one. */
  port: number
  /** An own PostgreSQL; undefined: the embedded one. */
  databaseUrl: string | undefined
  /** Absolute; the embedded PostgreSQL's files. */
  dataDir: string
  /** Events older than that are dropped, a day at a time. */
  retentionDays: number
  /** The oldest days are dropped while everything together is larger; undefined: no limit. */
  maxDiskBytes: number | undefined
  logLevel: LogLevel
}

/** A variable holds what can't be used; the message names it and says what would be right. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the GROUNDTRACK_… variables. An empty variable counts as absent. Throws ConfigError. */
export function readConfig(env: Environment): Config {
  return {
    host: readHost(env),
    port: readPort(env),
    databaseUrl: readDatabaseUrl(env, 'GROUNDTRACK_DATABASE_URL') ?? readDatabaseUrl(env, 'DATABASE_URL'),
    dataDir: resolve(env['GROUNDTRACK_DATA_DIR'] || defaultDataDir(env)),
    retentionDays: readRetention(env),
    maxDiskBytes: readMaxDisk(env),
    logLevel: readLogLevel(env),
  }
}

function defaultDataDir(env: Environment): string {
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'groundtrack')
}

// Without a login, whoever reaches the port may read everything.
function readHost(env: Environment): string {
  const host = env['GROUNDTRACK_HOST'] || '127.0.0.1'
  if (host === 'localhost') return '127.0.0.1'
  if (host === '127.0.0.1' || host === '::1') return host
  throw new ConfigError(
    `GROUNDTRACK_HOST is ${host}, which other machines can reach, and this version has no login yet: anybody could read and write your logs. ` +
      'Leave it at 127.0.0.1. From another machine, come through a tunnel: ssh -L 4318:127.0.0.1:4318 <this machine>',
  )
}

function readPort(env: Environment): number {
  const text = env['GROUNDTRACK_PORT'] || '4318'
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new ConfigError(`GROUNDTRACK_PORT is ${JSON.stringify(text)}: give a port from 1 to 65535, or 0 for any free one.`)
}

function readDatabaseUrl(env: Environment, name: string): string | undefined {
  const text = env[name]
  if (!text) return undefined
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1) return text
  // The value itself is not shown: it may hold a password.
  throw new ConfigError(`${name} is not the address of a PostgreSQL database: it looks like postgres://user:password@host:5432/database`)
}

const DAYS = { m: 1 / 1440, h: 1 / 24, d: 1, w: 7 } as const

function readRetention(env: Environment): number {
  const text = env['GROUNDTRACK_RETENTION'] || '7d'
  const [, amount, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? []
  const days = Number(amount) * (DAYS[unit as keyof typeof DAYS] ?? Number.NaN)
  if (days > 0) return days
  throw new ConfigError(`GROUNDTRACK_RETENTION is ${JSON.stringify(text)}: give a duration such as 12h, 7d or 4w.`)
}

const BYTES = { MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const

function readMaxDisk(env: Environment): number | undefined {
  const text = env['GROUNDTRACK_MAX_DISK']
  if (!text) return undefined
  const [, amount, unit] = /^(\d{1,7})\s?(MB|GB|TB)$/i.exec(text) ?? []
  const bytes = Number(amount) * (BYTES[unit?.toUpperCase() as keyof typeof BYTES] ?? Number.NaN)
  if (bytes > 0) return bytes
  throw new ConfigError(`GROUNDTRACK_MAX_DISK is ${JSON.stringify(text)}: give a size such as 500MB or 20GB.`)
}

function readLogLevel(env: Environment): LogLevel {
  const text = env['GROUNDTRACK_LOG_LEVEL'] || 'info'
  const level = LOG_LEVELS.find((known) => known === text)
  if (level) return level
  throw new ConfigError(`GROUNDTRACK_LOG_LEVEL is ${JSON.stringify(text)}: one of ${LOG_LEVELS.join(', ')}.`)
}
