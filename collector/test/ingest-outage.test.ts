import { openDatabase } from '@groundtrack/db'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp, type AppOptions } from '../src/app.js'
import { aBatch, anEvent, HOST, PORT, startTestApp, type TestApp } from './ingest.test-kit.js'

async function start(options: Partial<AppOptions> = {}): Promise<TestApp> {
  const collector = await startTestApp(options)
  onTestFinished(() => collector.close())
  return collector
}

/** Returns once the ingest connection waits for its turn at the table. By another connection than the one that blocks: within a transaction the view never changes. */
async function untilWriting({ db }: TestApp): Promise<void> {
  const sql = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%COPY event (%'"
  await expect.poll(async () => (await db.owner.query(sql)).rowCount, { timeout: 10_000 }).toBe(1)
}

/** Ends every connection of the collector's ingest, as a restart of PostgreSQL does. */
const CUT = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'

test('a batch whose connection is cut while it is written is refused with Retry-After, and stored once when it comes again', async () => {
  const collector = await start({ lanes: 1 })
  await collector.send({ body: aBatch([anEvent()]) })
  const blocker = await collector.db.owner.connect()
  await blocker.query('begin; lock table event in share mode')
  const body = aBatch([anEvent({ message: 'cut' })])

  const answer = collector.send({ body })
  await untilWriting(collector)
  await blocker.query(CUT)
  const refused = await answer
  await blocker.query('rollback')
  blocker.release()
  const stored = await collector.send({ body })

  expect(refused).toMatchObject({ status: 503, body: { error: { code: 'db_unavailable', retryable: true } } })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(5)
  expect(stored).toMatchObject({ status: 200, body: { stored: 1, duplicate: false } })
  expect(await collector.query("select count(*)::int from event where message = 'cut'")).toEqual([{ count: 1 }])
  expect(await collector.query('select flush_no from flush order by writer_id')).toEqual([{ flush_no: '1' }, { flush_no: '1' }])
})

test('who waits for the database longer than the bound is turned away; who is already being written is not', async () => {
  const collector = await start({ lanes: 1, limits: { maxWaitMs: 100 } })
  const blocker = await collector.db.owner.connect()
  await blocker.query('begin; lock table event in share mode')

  const writing = collector.send({ body: aBatch([anEvent()]) })
  await untilWriting(collector)
  const waiting = await collector.send({ body: aBatch([anEvent()]) })
  await blocker.query('rollback')
  blocker.release()

  expect(waiting).toMatchObject({ status: 503, body: { error: { code: 'overloaded' } }, headers: { 'retry-after': '1' } })
  expect((await writing).status).toBe(200)
})

test('stopping finishes what is being written and turns away what comes', async () => {
  const collector = await startTestApp()
  const blocker = await collector.db.owner.connect()
  await blocker.query('begin; lock table event in share mode')
  const writing = collector.send({ body: aBatch([anEvent()]) })
  await untilWriting(collector)

  const closed = collector.app.close()
  const late = await collector.send({ body: aBatch([anEvent()]) })
  await blocker.query('rollback')
  blocker.release()

  expect((await writing).body).toMatchObject({ stored: 1 })
  expect(late).toMatchObject({ status: 503, body: { error: { code: 'shutting_down', retryable: true } } })
  await closed
  await collector.close()
})

test('readiness says that the database is away, and health goes on', async () => {
  const db = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
  const app = await buildApp({ db, config: { port: PORT, retentionDays: 7 }, log: pino({ level: 'silent' }) })
  onTestFinished(async () => {
    await app.close()
    await db.close()
  })

  const ready = await app.inject({ url: '/readyz', headers: { host: HOST } })
  const health = await app.inject({ url: '/healthz', headers: { host: HOST } })
  const payload = '{"message":"hello"}'
  const events = await app.inject({ method: 'POST', url: '/v1/events', payload, headers: { host: HOST, 'content-type': 'text/plain' } })

  expect(ready.json()).toMatchObject({ status: 'not_ready', database: 'down' })
  expect([ready.statusCode, health.statusCode, events.statusCode]).toEqual([503, 200, 503])
  expect(events.json()).toMatchObject({ error: { code: 'db_unavailable', retryable: true } })
})
