import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../config.js'
import { HELP } from './help.js'
import { runMigrations } from './migrate.js'
import { serve } from './serve.js'
import { StartError } from './start-error.js'
import { readVersion } from './version.js'

/** Process exit codes. */
const FINE = 0
const FAILED = 1
const WRONG_USAGE = 2

const COMMANDS = { serve, migrate: runMigrations } as const
type CommandName = keyof typeof COMMANDS

/** Runs `groundtrack …` to its end and answers the exit code. */
export async function runCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const parsed = parse(args)
  if (parsed.problem !== undefined) {
    process.stderr.write(`groundtrack: ${parsed.problem}\nSee groundtrack --help.\n`)
    return WRONG_USAGE
  }
  if (parsed.help) return print(HELP)
  if (parsed.version) return print(readVersion())
  try {
    await COMMANDS[parsed.command](readConfig(env))
    return FINE
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof StartError)) throw error
    process.stderr.write(`groundtrack: ${error.message}\n`)
    return FAILED
  }
}

interface Parsed {
  command: CommandName
  help: boolean
  version: boolean
  problem?: string
}

function parse(args: string[]): Parsed {
  const parsed: Parsed = { command: 'serve', help: false, version: false }
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h', default: false }, version: { type: 'boolean', short: 'v', default: false } },
    })
    const [name = 'serve', ...rest] = positionals
    if (!isCommand(name)) return { ...parsed, problem: `there is no command ${JSON.stringify(name)}.` }
    if (rest.length > 0) return { ...parsed, problem: `${name} takes no ${JSON.stringify(rest[0])}.` }
    return { command: name, help: values.help, version: values.version }
  } catch (error) {
    return { ...parsed, problem: error instanceof Error ? error.message : String(error) }
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return FINE
}
