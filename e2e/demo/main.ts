import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { joinOrStartCollector } from './collector.js'
import { findFailedSession } from './failed-session.js'
import { strikeFaults } from './faults.js'
import { HELP, readOptions, type DemoOptions } from './options.js'
import { Processes, type ProcessSpec } from './processes.js'
import { untilRegistered } from './registry.js'
import { makeShopFolder } from './shop-folder.js'
import { describeShop, layOutShop } from './shop.js'

process.exitCode = await main(process.argv.slice(2))
process.channel?.unref()

async function main(argv: string[]): Promise<number> {
  let options: DemoOptions
  try {
    options = readOptions(argv)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  return runDemo(options)
}

async function runDemo(options: DemoOptions): Promise<number> {
  const stop = new AbortController()
  let failure: Error | undefined
  const fail = (error: Error): void => {
    if (!stop.signal.aborted) failure = error
    stop.abort()
  }
  const processes = new Processes((name, how) => fail(new Error(`${name} ended by itself (${how})`)))
  const folder = await makeShopFolder()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => stop.abort())
  process.on('uncaughtException', fail)

  try {
    const collectorUrl = await joinOrStartCollector(processes, say, stop.signal)
    const shop = await layOutShop({ collectorUrl, folder, ratePerSecond: options.ratePerSecond })
    const open = async (specs: ProcessSpec[]): Promise<void> => {
      await Promise.all(specs.map((spec) => processes.start(spec)))
      await untilRegistered(collectorUrl, processes.pidsOf(specs), stop.signal)
    }
    await Promise.all([processes.start(shop.partners), processes.start(shop.customers), open(shop.firstNodes)])
    processes.tell('customers', { open: true })
    // The registry numbers nodes as they come, so the second ones come later.
    await open(shop.secondNodes)
    say(describeShop(shop, { collectorUrl, ...options }))
    if (options.durationMs !== undefined) setTimeout(() => stop.abort(), options.durationMs).unref()
    void showFailedSession(collectorUrl, stop.signal)
    await strikeFaults({ processes, open, outbox: folder.outbox, say: sayWithTime, signal: stop.signal })
  } catch (error) {
    if (!stop.signal.aborted) failure = error as Error
  }

  say(failure ? `The demo stops: ${failure.message}` : 'Stopping the shop …')
  await processes.stopAll(['customers'])
  await processes.stopAll(processes.names().filter((name) => name !== 'collector'))
  await processes.stopAll()
  await rm(folder.root, { recursive: true, force: true })
  say(failure ? '' : 'Stopped.')
  return failure ? 1 : 0
}

/** Prints the page of a request that failed, as soon as the collector lists one. */
async function showFailedSession(collectorUrl: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const failed = await findFailedSession(collectorUrl)
    if (failed) return say(`A request that failed: ${failed}\n`)
    await delay(500, undefined, { signal }).catch(() => {})
  }
}

function sayWithTime(line: string): void {
  say(`${new Date().toTimeString().slice(0, 8)} ${line}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
