import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'

const gt = groundtrack({ service: 'node-hello', version: '1.0' })
const app = express()
app.use(expressSessions(gt))

app.get('/', (request, response) => {
  const session = gt.current()
  session.info('hello', 'answering', { user: session.get('myapp:user_id'), remainingMs: session.remaining() })
  response.send('Hello from Node!\n')
})

app.listen(process.env.PORT ?? 5001, '127.0.0.1')
