import type { ErrorRequestHandler } from 'express'
import type { Groundtrack } from '@groundtrack/sdk'
import { AskError } from './ask-error.js'

/** Last handler of each service: logs what went wrong and answers with its status. Requests that could be refused properly are warnings. */
export function answerErrors(gt: Groundtrack): ErrorRequestHandler {
  return (error: Error, request, response, _next) => {
    const status = error instanceof AskError ? error.status : 500
    const log = status >= 500 ? 'error' : 'warn'
    gt.current()?.[log]('http', `${request.method} ${request.path} answered ${status}: ${error.message}`, { 'http.status': status })
    response.status(status).json({ error: error.message })
  }
}
