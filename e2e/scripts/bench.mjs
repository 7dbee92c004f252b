// `npm run bench -- NAME [arguments]`: compiles the room that holds bench/NAME.bench.ts into its .bench (sources and benchmarks side by
// side, so that ../src/… in a benchmark means the same) and runs .bench/dist/bench/NAME.bench.js with the arguments.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { prepare, ROOT } from '../../collector/scripts/prepare.mjs'

const ROOMS = ['sdk', 'db', 'collector', 'web']
const [name, ...args] = process.argv.slice(2)
const benches = ROOMS.flatMap((room) => listBenches(room).map((bench) => ({ room, bench })))
const chosen = benches.find(({ bench }) => bench === name)
if (!chosen) {
  console.error(`Usage: npm run bench -- NAME\nThere are: ${benches.map(({ bench }) => bench).join(', ') || 'none'}`)
  process.exit(2)
}

await prepare(['sdk', 'db', 'collector', 'web', 'e2e'])
const { room } = chosen
const compiled = new URL(`${room}/.bench/dist/bench/${name}.bench.js`, ROOT)
const config = new URL(`${room}/.bench/tsconfig.json`, ROOT)
mkdirSync(new URL(`${room}/.bench/`, ROOT), { recursive: true })
writeFileSync(
  config,
  JSON.stringify({
    extends: '../tsconfig.test.json',
    compilerOptions: { noEmit: false, incremental: false, rootDir: '..', outDir: 'dist' },
    include: ['../src', '../bench'],
    exclude: ['../src/**/*.test.ts', '../src/**/*.test.tsx'],
  }),
)
const built = node(['node_modules/typescript/bin/tsc', '-p', fileURLToPath(config)])
if (built !== 0 || !existsSync(compiled)) process.exit(built || 1)
// A room may read its version from the package.json two levels above its compiled sources.
copyFileSync(new URL(`${room}/package.json`, ROOT), new URL(`${room}/.bench/dist/package.json`, ROOT))
process.exit(node(['--expose-gc', fileURLToPath(compiled), ...args]))

function listBenches(room) {
  const folder = new URL(`${room}/bench/`, ROOT)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.slice(0, -'.bench.ts'.length))
}

function node(argv) {
  return spawnSync(process.execPath, argv, { cwd: fileURLToPath(ROOT), stdio: 'inherit' }).status ?? 1
}
