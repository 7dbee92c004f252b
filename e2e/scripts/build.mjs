// `npm run build`: every room, where its sources have changed.
import { prepare } from '../../collector/scripts/prepare.mjs'

await prepare(['sdk', 'db', 'collector', 'web', 'e2e'])
