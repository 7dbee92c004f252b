import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePorts } from '../../demo/free-ports.js'
import { makeDataFolder, startCollector } from './collector.js'
import { startDemo } from './demo.js'

/**
 * One collector that the demo fills as long as the tests run, and a quiet one for what tests post by hand, each with its own
 * database. Tests find them through the environment.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await makeDataFolder()
  const [busyPort = 0, quietPort = 0] = await findFreePorts(2)
  const [busy, quiet] = await Promise.all([
    startCollector({ port: busyPort, dataDir: join(folder, 'busy') }),
    startCollector({ port: quietPort, dataDir: join(folder, 'quiet') }),
  ])
  const demo = startDemo(busy.url, '--rate', '5')
  process.env['GROUNDTRACK_E2E_BUSY'] = busy.url
  process.env['GROUNDTRACK_E2E_QUIET'] = quiet.url
  return async () => {
    const endedEarly = demo.child.exitCode !== null
    await demo.stop()
    await Promise.all([busy.stop(), quiet.stop()])
    await rm(folder, { recursive: true, force: true })
    if (endedEarly) throw new Error(`The demo ended while the tests ran:\n${demo.output()}`)
  }
}
