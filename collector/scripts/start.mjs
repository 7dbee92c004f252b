// `npm start`: from a fresh clone to a running collector. Plain Node without dependencies, since nothing is installed yet.
import { fileURLToPath } from 'node:url'
import { prepare, ROOT } from './prepare.mjs'

await prepare(['sdk', 'db', 'collector', 'web'])
process.env.GROUNDTRACK_DATA_DIR ||= fileURLToPath(new URL('.groundtrack', ROOT))
// In this very process, so that signals reach the collector once and its exit code is ours.
await import(new URL('collector/dist/main.js', ROOT).href)
