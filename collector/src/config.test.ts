import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.js'

test('without variables everything has a default', () => {
  expect(readConfig({ XDG_DATA_HOME: '/home/cart/data' })).toEqual({
    host: '127.0.0.1',
    port: 4318,
    databaseUrl: undefined,
    dataDir: '/home/cart/data/groundtrack',
    retentionDays: 7,
    maxDiskBytes: undefined,
    logLevel: 'info',
  })
})

test('every variable is read, and GROUNDTRACK_DATABASE_URL goes before DATABASE_URL', () => {
  const config = readConfig({
    GROUNDTRACK_HOST: '::1',
    GROUNDTRACK_PORT: '0',
    GROUNDTRACK_DATABASE_URL: 'postgresql://cart@db.example.com/shop',
    DATABASE_URL: 'postgres://other/db',
    GROUNDTRACK_DATA_DIR: '/data',
    GROUNDTRACK_RETENTION: '12h',
    GROUNDTRACK_MAX_DISK: '20GB',
    GROUNDTRACK_LOG_LEVEL: 'debug',
  })

  expect(config).toEqual({
    host: '::1',
    port: 0,
    databaseUrl: 'postgresql://cart@db.example.com/shop',
    dataDir: '/data',
    retentionDays: 0.5,
    maxDiskBytes: 20 * 2 ** 30,
    logLevel: 'debug',
  })
})

test('an empty variable counts as absent', () => {
  expect(readConfig({ GROUNDTRACK_PORT: '', GROUNDTRACK_DATABASE_URL: '', DATABASE_URL: 'postgres://db/shop' })).toMatchObject({
    port: 4318,
    databaseUrl: 'postgres://db/shop',
  })
})

test.each([
  ['GROUNDTRACK_PORT', '4318x'],
  ['GROUNDTRACK_PORT', '65536'],
  ['GROUNDTRACK_PORT', '-1'],
  ['GROUNDTRACK_RETENTION', '7'],
  ['GROUNDTRACK_RETENTION', '0d'],
  ['GROUNDTRACK_RETENTION', 'forever'],
  ['GROUNDTRACK_MAX_DISK', '20'],
  ['GROUNDTRACK_MAX_DISK', '0GB'],
  ['GROUNDTRACK_LOG_LEVEL', 'loud'],
  ['GROUNDTRACK_DATABASE_URL', 'mysql://db/shop'],
  ['GROUNDTRACK_DATABASE_URL', 'postgres://db'],
  ['DATABASE_URL', 'shop'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError)
  expect(() => readConfig({ [name]: value })).toThrow(name)
})

test.each(['0.0.0.0', '::', '192.168.1.5', 'groundtrack.example.com'])('the address %s, open to others, is refused', (host) => {
  expect(() => readConfig({ GROUNDTRACK_HOST: host })).toThrow(/GROUNDTRACK_HOST .* no login yet/)
})

test('a wrong database address is never repeated: it may hold a password', () => {
  expect(() => readConfig({ DATABASE_URL: 'postgres:/cart:secret@db/shop' })).toThrow(/^((?!secret).)*$/)
})
