import { DeadlineError, type Groundtrack } from '@groundtrack/sdk'
import { AskError } from './ask-error.js'
import { exchange, readAnswer, type Question } from './exchange.js'

export type AskService = <Answer>(service: string, version: string, path: string, question?: Question) => Promise<Answer>

/** Asks a service by its name: Groundtrack knows its nodes, takes turns among them, and leaves out those that it cut off. */
export function createAskService(gt: Groundtrack): AskService {
  return async (service, version, path, question = {}) => {
    const session = gt.current()
    if (!session) throw new Error(`${service} was asked outside of a session`)
    const name = `${question.method ?? (question.body === undefined ? 'GET' : 'POST')} ${path}`
    const reply = await session
      .call(
        service,
        version,
        async (node, call) => {
          const send = (url: string, init: RequestInit): Promise<Response> => fetch(url, { ...init, signal: call.signal })
          const headers = { ...question.headers, ...call.headers }
          const told = await exchange(send, node.address + path, { ...question, headers })
          call.answer(told.headers)
          // The breaker's reason is then what the node said, and not a status alone.
          if (told.status >= 500) readAnswer(told)
          return told
        },
        { name },
      )
      .catch((error: Error) => {
        throw error instanceof AskError ? error : new AskError(error instanceof DeadlineError ? 504 : 503, error.message)
      })
    return readAnswer(reply)
  }
}
