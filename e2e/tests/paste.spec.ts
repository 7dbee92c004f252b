import { newSpan } from './support/batch.js'
import { expect, test } from './support/fixtures.js'
import { search } from './support/sessions-page.js'
import { tellStory } from './support/stories.js'

const FORMS: { form: string; write: (session: string) => string }[] = [
  { form: 'session id', write: (session) => session },
  { form: 'UUID in capitals', write: (session) => toUuid(session).toUpperCase() },
  { form: 'traceparent', write: (session) => `00-${session}-${newSpan()}-01` },
]

for (const { form, write } of FORMS) {
  test(`opens the session of a pasted ${form}`, async ({ page, quiet }) => {
    const { session } = await tellStory(quiet, { name: `GET /pasted`, lines: [{ message: `found by its ${form}` }] })
    await page.goto(`${quiet}/sessions`)

    await search(page, write(session))

    await expect(page).toHaveURL(`${quiet}/s/${session}`)
    await expect(page.getByText(`found by its ${form}`)).toBeVisible()
  })
}

test('says so when no session has the pasted id', async ({ page, quiet }) => {
  await page.goto(`${quiet}/sessions`)

  await search(page, '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01')

  await expect(page.getByRole('heading', { name: 'No such session' })).toBeVisible()
})

function toUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
