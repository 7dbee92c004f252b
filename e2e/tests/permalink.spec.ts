import { expect, test } from './support/fixtures.js'
import { tellStory } from './support/stories.js'

const LINES = Array.from({ length: 400 }, (_, index) => ({ message: `crate ${index} unloaded` }))

test('a permalink opens the session with its line selected and in view', async ({ page, quiet }) => {
  const { session, span } = await tellStory(quiet, { name: 'POST /crates', lines: LINES })

  await page.goto(`${quiet}/s/${session}?e=${span}:302`)

  const selected = page.getByRole('treegrid', { name: 'Lines of this session' }).getByRole('row', { selected: true })
  await expect(selected).toContainText('crate 300 unloaded')
  await expect(selected).toBeInViewport({ ratio: 0.9 })
})

test('a selected line becomes a link that can be copied', async ({ page, context, quiet }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { session, span } = await tellStory(quiet, { name: 'POST /crates', lines: LINES })
  await page.goto(`${quiet}/s/${session}`)

  await page.getByText('crate 7 unloaded').click()
  await expect(page).toHaveURL(`${quiet}/s/${session}?e=${span}:9`)
  await page.keyboard.press('.')

  await expect(page.getByText('Link copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${quiet}/s/${session}?e=${span}:9`)
})

test('finds within the session', async ({ page, quiet }) => {
  const { session } = await tellStory(quiet, { name: 'POST /crates', lines: LINES })
  await page.goto(`${quiet}/s/${session}`)

  await page.getByRole('textbox', { name: 'Find in this session' }).fill('"crate 377"')
  await page.keyboard.press('Enter')

  await expect(page.getByText('1 match')).toBeVisible()
  await expect(page.getByText('crate 377 unloaded').first()).toBeInViewport({ ratio: 0.9 })
})
