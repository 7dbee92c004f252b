// `npm run dev`: the collector, started again whenever its build changes, and the viewer from vite with hot reload.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { prepare, ROOT } from './prepare.mjs'

await prepare(['sdk', 'db', 'collector', 'web'])
const env = { ...process.env, GROUNDTRACK_DATA_DIR: process.env.GROUNDTRACK_DATA_DIR || fileURLToPath(new URL('.groundtrack', ROOT)) }
const programs = [
  ['node_modules/typescript/bin/tsc', '-b', '--watch', '--preserveWatchOutput', 'sdk', 'db', 'collector'],
  ['--watch', '--watch-preserve-output', 'collector/dist/main.js'],
  ['node_modules/vite/bin/vite.js', 'web'],
]
const children = programs.map((args) =>
  spawn(process.execPath, args, { cwd: fileURLToPath(ROOT), env, stdio: ['ignore', 'inherit', 'inherit'] }),
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => children.forEach((child) => child.kill(signal)))
for (const child of children) child.on('exit', () => children.forEach((other) => other.kill('SIGTERM')))
