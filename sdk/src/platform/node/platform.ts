import { randomFillSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { constants, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import type { Platform } from '../platform.js'
import { processContext } from './context.js'
import { watchExit } from './exit.js'
import { openStream } from './open-stream.js'
import { Transport } from './transport.js'

// Log lines shrink to about a tenth at the lowest level already; higher ones cost several times as much for little.
const GZIP = { level: constants.Z_BEST_SPEED }

/** Node.js as the SDK sees it. */
export function nodePlatform(): Platform {
  const transport = new Transport()
  const deflate = promisify<globalThis.Buffer, object, globalThis.Buffer>(gzip)
  const inflate = promisify<Uint8Array, globalThis.Buffer>(gunzip)
  return {
    time: { wallMs: Date.now, monotonicMs: () => performance.now(), originMs: performance.timeOrigin },
    context: processContext(),
    fillRandom: (bytes) => void randomFillSync(bytes),
    gzip: (text) => deflate(Buffer.from(text), GZIP),
    gzipNow: (text) => gzipSync(text, GZIP),
    gunzip: async (bytes) => (await inflate(bytes)).toString('utf8'),
    gunzipNow: (bytes) => gunzipSync(bytes).toString('utf8'),
    send: (request) => transport.send(request),
    sendNow: (request) => transport.sendNow(request),
    stream: openStream,
    disconnect: () => transport.disconnect(),
    schedule(delayMs, work, hold = false) {
      const timer = setTimeout(work, delayMs)
      if (!hold) timer.unref()
      return { cancel: () => clearTimeout(timer) }
    },
    processId: () => process.pid,
    warn: (text) => void process.stderr.write(`groundtrack: ${text}\n`),
    environment: process.env,
    package: hostPackage,
    describe: () => ({ host: hostname(), pid: process.pid, runtime: `node/${process.versions.node}` }),
    onExit: watchExit,
  }
}

function hostPackage(): { name?: string; version?: string } {
  try {
    return nearestPackage(process.cwd())
  } catch {
    // The working folder was deleted.
    return {}
  }
}

function nearestPackage(folder: string): { name?: string; version?: string } {
  try {
    const json: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    if (typeof json === 'object' && json !== null) return textFields(json as Record<string, unknown>)
  } catch {
    // No package here, or none that can be read: the next folder up may hold one.
  }
  const parent = path.dirname(folder)
  return parent === folder ? {} : nearestPackage(parent)
}

function textFields({ name, version }: Record<string, unknown>): { name?: string; version?: string } {
  return { ...(typeof name === 'string' ? { name } : {}), ...(typeof version === 'string' ? { version } : {}) }
}
