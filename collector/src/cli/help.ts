import { COMMANDS, type CommandName } from './command-table.js'

const VARIABLES = `Variables of serve, migrate and doctor:
  GROUNDTRACK_DATABASE_URL   PostgreSQL 15 or later, else DATABASE_URL, else an embedded one is started
  GROUNDTRACK_DATA_DIR       the embedded PostgreSQL's files
  GROUNDTRACK_HOST           127.0.0.1 (the default) or ::1
  GROUNDTRACK_PORT           4318
  GROUNDTRACK_RETENTION      age at which events are dropped: 12h, 7d (the default), 4w
  GROUNDTRACK_MAX_DISK       the oldest days are dropped above this size: 500MB, 20GB
  GROUNDTRACK_LOG_LEVEL      trace, debug, info (the default), warn, error, fatal, silent

Variables of the others:
  GROUNDTRACK_URL            the collector: http://127.0.0.1:4318
  GROUNDTRACK_TOKEN          its token, where it wants one
  NO_COLOR                   no colour; there is none in a pipe either

Exit status: 0 fine, 1 failed, 2 wrong usage.`

const NAME_WIDTH = 12

/** What `groundtrack --help` says. */
export function writeHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(NAME_WIDTH)}${summary}`)
  return ['Usage: groundtrack [command]', '', ...commands, '', '  --help (also after a command), --version', '', VARIABLES].join('\n')
}

/** What `groundtrack COMMAND --help` says. */
export function writeHelpOf(name: CommandName): string {
  const { summary, usage, details } = COMMANDS[name]
  return [`Usage: ${usage}`, '', `  ${summary}`, ...(details.length === 0 ? [] : ['', ...details.map((line) => `  ${line}`)])].join('\n')
}
