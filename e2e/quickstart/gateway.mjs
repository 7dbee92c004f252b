import express from 'express'
import { groundtrack } from '@groundtrack/sdk'
import { expressSessions } from '@groundtrack/sdk/express'

const nodeHello = process.env.NODE_HELLO ?? 'http://127.0.0.1:5001'

const gt = groundtrack({ service: 'gateway', version: '1.0' })
const app = express()
app.use(expressSessions(gt))

app.get('/hello', async (request, response) => {
  const session = gt.current()
  session.setDeadline(1_000)
  session.set('myapp:user_id', 42)
  session.info('gateway', 'somebody says hello', { language: request.get('accept-language') })
  const answer = await session.fetch(`${nodeHello}/`)
  response.send(await answer.text())
})

app.listen(process.env.PORT ?? 5000, '127.0.0.1')
