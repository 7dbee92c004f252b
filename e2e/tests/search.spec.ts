import { randomBytes } from 'node:crypto'
import { expect, test } from './support/fixtures.js'
import { search, sessionRows } from './support/sessions-page.js'
import { tellStory } from './support/stories.js'

/** A word of this worker's own: other workers tell the same stories at the same time. */
const kettle = `kettle${randomBytes(4).toString('hex')}`

test.beforeAll(async () => {
  const quiet = process.env['GROUNDTRACK_E2E_QUIET'] ?? ''
  await tellStory(quiet, {
    service: 'cart',
    name: `POST /${kettle}`,
    lines: [{ message: `${kettle} put into the cart`, attributes: { 'kettle.litres': 2, colour: 'red' } }],
    properties: { 'shop:kettle_buyer': 'ada' },
  })
  await tellStory(quiet, {
    service: 'inventory',
    name: `GET /${kettle}`,
    lines: [
      { message: `no ${kettle} on the shelf`, level: 'warn', attributes: { 'kettle.litres': 5, colour: 'blue' } },
      { message: `cannot order more ${kettle}`, level: 'error' },
    ],
    failed: 'no kettles',
  })
})

test('searches by words and phrases of the message', async ({ page, quiet }) => {
  await page.goto(`${quiet}/sessions`)

  await search(page, `${kettle} shelf`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`GET /${kettle}`])

  await search(page, `"${kettle} put into"`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`POST /${kettle}`])
})

test('searches by fields, attributes and properties, and without what is negated', async ({ page, quiet }) => {
  await page.goto(`${quiet}/sessions`)

  await search(page, `${kettle} service:inventory level:>=warn`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`GET /${kettle}`])

  await search(page, `kettle.litres:2 ${kettle}`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`POST /${kettle}`])

  await search(page, `${kettle} -colour:red -outcome:failed`)
  await expect(page.getByRole('heading', { name: 'No session matches' })).toBeVisible()

  await search(page, `"shop:kettle_buyer":ada ${kettle}`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`POST /${kettle}`])

  await search(page, `${kettle} -"cannot order" outcome:failed`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`GET /${kettle}`])
})

test('keeps the search in the link', async ({ page, quiet }) => {
  await page.goto(`${quiet}/sessions`)
  await search(page, `${kettle} service:cart`)
  await expect(page).toHaveURL(new RegExp(`q=${kettle}\\+service:cart`))

  await page.reload()

  await expect(page.getByRole('search').getByRole('textbox')).toHaveValue(`${kettle} service:cart`)
  await expect(sessionRows(page).getByRole('link')).toHaveText([`POST /${kettle}`])
})

test('shows a syntax error at its place', async ({ page, quiet }) => {
  await page.goto(`${quiet}/sessions`)

  await search(page, 'kettle (service:cart')

  const field = page.getByRole('search').getByRole('textbox')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByRole('search').getByRole('alert')).toContainText(/At character \d+/)
})

test('clears a search that finds nothing', async ({ page, quiet }) => {
  await page.goto(`${quiet}/sessions?q=zeppelin`)
  await expect(page.getByRole('heading', { name: 'No session matches' })).toBeVisible()

  await page.getByRole('button', { name: 'Clear the search', exact: true }).last().click()

  await expect(
    sessionRows(page)
      .getByRole('link', { name: `POST /${kettle}` })
      .first(),
  ).toBeVisible()
})
