// A worker without a framework: it takes mails over HTTP, answers at once, and sends each when its turn comes.
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { groundtrack, type Session } from '@groundtrack/sdk'
import { askPartner } from './ask-partner.js'
import { serve } from './serve.js'
import { addressOf, folder, ownAddress } from './shop-env.js'

interface Mail {
  order: string
  customer: string
  total: string
}

const gt = groundtrack({ service: 'mailer', version: '0.9', address: ownAddress })

serve(gt, 'mailer', (request, response) => {
  const session = gt.join(request, { name: `${request.method} ${request.url}` })
  json(request)
    .then(async (body) => {
      response.writeHead(202).end()
      await send(session, body as Mail)
    })
    .then(() => session.close())
    .catch((error: Error) => {
      session.error('mail', `mail not sent: ${error.message}`)
      session.close({ status: 'error', reason: error.message })
    })
})

async function send(session: Session, mail: Mail): Promise<void> {
  const file = join(folder.outbox, `${mail.order}.eml`)
  session.info('mail', `writing the confirmation of order ${mail.order} for ${mail.customer}`, { 'order.id': mail.order })
  await writeFile(
    `${file}.part`,
    `To: ${mail.customer}@shop.example\nSubject: Your order ${mail.order}\n\nThank you! We charged ${mail.total}.\n`,
  )
  session.info('mail', `handing the mail for order ${mail.order} to the relay`, { relay: addressOf('relay') })
  const answer = await askPartner(addressOf('relay'), `SEND ${mail.order}`)
  await rename(`${file}.part`, file)
  session.info('mail', `relay took the mail for order ${mail.order}: ${answer}`, { 'order.id': mail.order })
}
