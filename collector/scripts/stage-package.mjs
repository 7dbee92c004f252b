// `npm pack` runs this first: puts collector, db and the built viewer into dist/, laid out as in the clone, so that paths between
// them hold. The rooms find each other by relative paths there: the tarball has no workspaces.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare, ROOT } from './prepare.mjs'

const root = fileURLToPath(ROOT)
const target = join(root, 'dist')

await prepare(['db', 'collector', 'web'])
refuseOtherDependencies()
rmSync(target, { recursive: true, force: true })
for (const room of ['collector', 'db']) {
  copyPrograms(join(room, 'dist'))
  cpSync(join(root, room, 'package.json'), join(target, room, 'package.json'))
}
cpSync(join(root, 'db/migrations'), join(target, 'db/migrations'), { recursive: true })
cpSync(join(root, 'web/dist'), join(target, 'web/dist'), { recursive: true })

/** Copies the .js files of a room that run in production. */
function copyPrograms(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'bench') copyPrograms(path)
    } else if (entry.name.endsWith('.js') && existsSync(sourceOf(path))) {
      mkdirSync(join(target, folder), { recursive: true })
      writeFileSync(join(target, path), pointToRooms(readFileSync(join(root, path), 'utf8'), path))
    }
  }
}

/** tsc never removes what it made of a file that is gone. */
function sourceOf(path) {
  return join(root, path.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))
}

function pointToRooms(program, path) {
  return program.replaceAll(/(from |import\()(['"])@groundtrack\/db\2/g, (_match, keyword, quote) => {
    return `${keyword}${quote}${relative(dirname(path), 'db/dist/index.js')}${quote}`
  })
}

/** The tarball's package.json is the clone's: what its rooms depend on must stand there, in the same versions. */
function refuseOtherDependencies() {
  const packageOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const ours = packageOf('.')
  for (const kind of ['dependencies', 'optionalDependencies']) {
    const wanted = Object.entries({ ...packageOf('collector')[kind], ...packageOf('db')[kind] }).filter(
      ([name]) => !name.startsWith('@groundtrack/'),
    )
    const other = wanted.filter(([name, version]) => ours[kind]?.[name] !== version).map(([name, version]) => `${name}@${version}`)
    const extra = Object.keys(ours[kind] ?? {}).filter((name) => !wanted.some(([known]) => known === name))
    if (other.length + extra.length === 0) continue
    console.error(
      `groundtrack: ${kind} of the root's package.json differ from those of collector and db. Wanted: ${other.join(', ') || 'nothing more'}; not used: ${extra.join(', ') || 'none'}.`,
    )
    process.exit(1)
  }
}
