// `npm run demo`: the shop, from a fresh clone too. It runs in this very process, so that signals reach it once.
import { prepare, ROOT } from '../../collector/scripts/prepare.mjs'

await prepare(['sdk', 'db', 'collector', 'web', 'e2e'])
await import(new URL('e2e/dist/demo/main.js', ROOT).href)
