import { Groundtrack } from '../src/groundtrack.js'
import { nodePlatform } from '../src/platform/node/platform.js'
import type { Platform } from '../src/platform/platform.js'
import type { GroundtrackOptions } from '../src/settings.js'
import { FaultServer } from './fault-server.js'

export interface Rig {
  server: FaultServer
  gt: Groundtrack
  warnings: string[]
  stop: () => Promise<void>
}

/** The real SDK on a real HTTP server. Waits of the SDK take a `timesFaster`-th of their time; nothing else is changed. */
export async function startRig(
  options: GroundtrackOptions = {},
  { timesFaster = 1, platform = {} as Partial<Platform> } = {},
): Promise<Rig> {
  const server = await new FaultServer().start()
  const warnings: string[] = []
  const real = nodePlatform()
  const schedule: Platform['schedule'] = (delayMs, work, hold) => real.schedule(delayMs / timesFaster, work, hold)
  const onExit = (): (() => void) => () => {}
  const warn = (text: string): void => void warnings.push(text)
  const gt = new Groundtrack(
    { service: 'cart', version: '1.0', url: server.url, ...options },
    { ...real, schedule, onExit, warn, ...platform },
  )
  return {
    server,
    gt,
    warnings,
    async stop() {
      server.fault = 'none'
      server.script.length = 0
      await gt.stop()
      await server.stop()
    },
  }
}
