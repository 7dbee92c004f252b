import type { FastifyBaseLogger } from 'fastify'

export interface Job {
  name: string
  everyMs: number
  work(): Promise<void>
}

export interface Schedule {
  /** Waits for the work in progress. */
  stop(): Promise<void>
}

/** Runs each job again and again, never twice at once; a failure is logged and the next turn tries again. Timers don't hold the process. */
export function scheduleJobs(jobs: readonly Job[], log: FastifyBaseLogger): Schedule {
  const turns = jobs.map((job) => startTurns(job, log))
  return {
    async stop() {
      await Promise.all(turns.map((turn) => turn.stop()))
    },
  }
}

function startTurns(job: Job, log: FastifyBaseLogger): Schedule {
  let current = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const turn = async () => {
    try {
      await job.work()
    } catch (error) {
      log.error({ err: error, job: job.name }, 'a job failed; its next turn tries again')
    }
    plan()
  }
  const plan = () => {
    if (stopped) return
    timer = setTimeout(() => {
      current = turn()
    }, job.everyMs)
    timer.unref()
  }
  plan()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}
