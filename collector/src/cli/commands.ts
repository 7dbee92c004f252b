import { parseArgs } from 'node:util'
import { ConfigError } from '../config.js'
import { CommandError } from './client/command-error.js'
import { COMMANDS, isCommand, type CommandName, type GivenOptions, type KnownOptions } from './command-table.js'
import { writeHelp, writeHelpOf } from './help.js'
import { StartError } from './start-error.js'
import { UsageError } from './usage-error.js'
import { readVersion } from './version.js'

/** Process exit codes. */
const FINE = 0
const FAILED = 1
const WRONG_USAGE = 2

/** Runs `groundtrack …` to its end and answers the exit code. */
export async function runCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  let given: Parsed | undefined
  try {
    given = parse(args)
    const { name, options, positionals } = given
    if (options['help'] === true) return print(name === undefined ? writeHelp() : writeHelpOf(name))
    if (options['version'] === true) return print(readVersion())
    await COMMANDS[name ?? 'serve'].run({ options, positionals, env })
    return FINE
  } catch (error) {
    if (error instanceof UsageError) return complain(`${error.message}\nSee groundtrack --help.`, WRONG_USAGE)
    if (error instanceof CommandError && error.details.code === 'query_syntax') return complain(describeSyntax(error, given), WRONG_USAGE)
    if (error instanceof ConfigError || error instanceof StartError || error instanceof CommandError) return complain(error.message, FAILED)
    throw error
  }
}

interface Parsed {
  name: CommandName | undefined
  options: GivenOptions
  positionals: string[]
}

/** The command is the first word; what it takes is in the table. Without one it is serve. */
function parse(args: string[]): Parsed {
  const [first] = args
  const word = first === undefined || first.startsWith('-') ? undefined : first
  if (word !== undefined && !isCommand(word)) throw new UsageError(`there is no command ${JSON.stringify(word)}.`)
  const rest = word === undefined ? args : args.slice(1)
  const { options: known, takes }: { options: KnownOptions; takes: number } = COMMANDS[word ?? 'serve']
  try {
    const common = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } } as const
    const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: { ...known, ...common } })
    const tooMany = positionals[takes]
    if (tooMany !== undefined) throw new UsageError(`${word ?? 'serve'} takes no ${JSON.stringify(tooMany)}.`)
    return { name: word, options: values, positionals }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The query, and below it a mark where it can't be read. */
function describeSyntax({ message, details }: CommandError, given: Parsed | undefined): string {
  const query = given?.options['query'] ?? given?.positionals.join(' ')
  if (typeof query !== 'string' || details.at === undefined) return message
  const shown = query.replaceAll(/\p{Cc}/gu, ' ')
  return `${message}\n  ${shown}\n  ${' '.repeat(details.at)}^`
}

function complain(text: string, code: number): number {
  process.stderr.write(`groundtrack: ${text}\n`)
  return code
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return FINE
}
