// dist/cjs holds .js files of CommonJS inside an ESM package: its own package.json tells Node so.
import { mkdirSync, writeFileSync } from 'node:fs'

const folder = new URL('../dist/cjs/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('package.json', folder), '{"type":"commonjs"}\n')
