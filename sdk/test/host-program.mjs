// A host of the SDK that ends in one of many ways. Arguments: way, URL of the collector or "none" for a run without SDK, path of the SDK.
import cluster from 'node:cluster'
import { Worker, isMainThread, workerData } from 'node:worker_threads'

const [, , way, url, sdk] = process.argv
const place = isMainThread ? way : workerData

const endings = {
  'ends by itself'() {},
  'sets an exit code'() {
    process.exitCode = 4
  },
  'calls process.exit'() {
    process.exit(3)
  },
  'calls process.exit before anything was sent'() {
    process.exit(3)
  },
  throws() {
    setImmediate(() => {
      throw new Error('thrown by the host')
    })
  },
  'leaves a rejection unhandled'() {
    void Promise.reject(new Error('rejected by the host'))
  },
  'never settles'() {},
  'waits for a signal'() {
    stayAlive()
  },
  'exits on a signal by itself'() {
    process.on('SIGTERM', () => process.exit(5))
    stayAlive()
  },
  'ends gracefully on a signal'() {
    const timer = stayAlive()
    process.once('SIGTERM', () => clearInterval(timer))
  },
  'passes the signal on when it listens alone'() {
    const listener = () => {
      if (process.listenerCount('SIGTERM') > 1) return
      process.off('SIGTERM', listener)
      process.kill(process.pid, 'SIGTERM')
    }
    process.on('SIGTERM', listener)
    stayAlive()
  },
  'ignores a signal, then exits'() {
    process.on('SIGTERM', () => setTimeout(() => process.exit(6), 10))
    stayAlive()
  },
  // The module itself awaits it, see below.
  'awaits the stop at its end'() {},
  'has a worker that ends'() {
    startWorker('ends by itself')
  },
  'has a worker that exits'() {
    startWorker('calls process.exit')
  },
  'has a worker that throws'() {
    startWorker('throws')
  },
  'has a cluster that waits for a signal'() {
    if (!cluster.isPrimary) return void stayAlive()
    const worker = cluster.fork()
    worker.on('message', () => worker.process.kill('SIGTERM'))
    worker.on('exit', (code, signal) => {
      process.stderr.write(`worker: ${code} ${signal}\n`)
      process.exitCode = 7
    })
  },
}

let gt
if (url !== 'none') {
  const { groundtrack } = await import(sdk)
  gt = groundtrack({ service: 'cart', version: '1.0', url })
  if (way !== 'calls process.exit before anything was sent') {
    // From here on the nodes are watched.
    await gt
      .session()
      .resolve('payments', '1.0', { withinMs: 400 })
      .catch(() => {})
    gt.info('test', 'first')
    // Afterwards a connection is open, where there is anything to connect to.
    await gt.flush(100)
  }
  gt.info('test', 'last words')
}
// From the event loop, so that stack traces are the same with and without the waiting above.
setImmediate(() => {
  endings[place]()
  process.stdout.write('ready\n')
  if (cluster.isWorker) process.send('ready')
})
if (place === 'awaits the stop at its end') await gt?.stop()
if (place === 'never settles') await new Promise(() => {})

function stayAlive() {
  return setInterval(() => {}, 1_000)
}

function startWorker(end) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData: end })
  worker.on('error', (error) => process.stderr.write(`worker: ${error.message}\n`))
  worker.on('exit', (code) => {
    process.stderr.write(`worker: ${code}\n`)
    process.exitCode = code
  })
}
