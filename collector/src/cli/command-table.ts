import type { ParseArgsConfig } from 'node:util'
import { readConfig } from '../config.js'
import { asStart, readAddress, readLimit, readSessionArgument, readText, withOutput } from './client/arguments.js'
import { UsageError } from './usage-error.js'

export type GivenOptions = Readonly<Record<string, unknown>>

export interface Given {
  options: GivenOptions
  positionals: string[]
  env: NodeJS.ProcessEnv
}

export type KnownOptions = NonNullable<ParseArgsConfig['options']>

interface Command {
  /** For the overview. */
  summary: string
  usage: string
  /** What the options mean, line by line. */
  details: readonly string[]
  options: KnownOptions
  /** How many words beside the options. */
  takes: number
  run: (given: Given) => Promise<void>
}

const CLIENT_OPTIONS = { url: { type: 'string' }, token: { type: 'string' } } as const
const READER_OPTIONS = { ...CLIENT_OPTIONS, json: { type: 'boolean' }, raw: { type: 'boolean' } } as const
const CLIENT_DETAILS = [
  '--url URL       the collector; else GROUNDTRACK_URL, else http://127.0.0.1:4318',
  '--token TOKEN   else GROUNDTRACK_TOKEN',
]
const READER_DETAILS = [
  '--json          one JSON object a line',
  '--raw           control characters of log text go out as they are',
  ...CLIENT_DETAILS,
]

/** Every command. Each loads what it needs when it runs. */
export const COMMANDS = {
  serve: {
    summary: 'collect events, show them in the browser (the default)',
    usage: 'groundtrack [serve]',
    details: [],
    options: {},
    takes: 0,
    run: async ({ env }) => (await import('./serve.js')).serve(readConfig(env)),
  },
  tail: {
    summary: 'follow a session, a search, or everything',
    usage: 'groundtrack tail [SESSION] [-q QUERY]',
    details: [
      'SESSION         32 hex digits, a UUID or a traceparent',
      '-q QUERY        only what matches: service:cart level:>=warn "card declined"',
      '--since 10m     what was received since then first; else a session from its beginning, anything else from now on',
      '--no-follow     end where history ends',
      '--open          the same in the browser',
      ...READER_DETAILS,
    ],
    options: {
      ...READER_OPTIONS,
      query: { type: 'string', short: 'q' },
      since: { type: 'string' },
      'no-follow': { type: 'boolean' },
      open: { type: 'boolean' },
    },
    takes: 1,
    run: async (given) => {
      const address = readAddress(given)
      const session = given.positionals[0] === undefined ? undefined : readSessionArgument(given.positionals[0])
      const q = readText(given, 'query')
      const { runTail } = await import('./client/tail-command.js')
      const { openPage } = await import('./client/open-page.js')
      const isJson = given.options['json'] === true
      const follow = given.options['no-follow'] !== true
      await withOutput(given, (output) =>
        given.options['open'] === true
          ? openPage(`${address.url}${tailPage(session, q)}`, output)
          : runTail({ address, session, q, since: readText(given, 'since'), isJson, follow, output }),
      )
    },
  },
  session: {
    summary: 'a session as a tree: who called whom, how long it took, what is missing',
    usage: 'groundtrack session ID',
    details: ['ID              32 hex digits, a UUID or a traceparent', '--open          the same in the browser', ...READER_DETAILS],
    options: { ...READER_OPTIONS, open: { type: 'boolean' } },
    takes: 1,
    run: async (given) => {
      const address = readAddress(given)
      const session = readSessionArgument(given.positionals[0])
      const { runSession } = await import('./client/session-command.js')
      const { openPage } = await import('./client/open-page.js')
      await withOutput(given, (output) =>
        given.options['open'] === true
          ? openPage(`${address.url}/s/${session}`, output)
          : runSession({ address, session, isJson: given.options['json'] === true, output }),
      )
    },
  },
  search: {
    summary: 'the newest events that match',
    usage: 'groundtrack search QUERY',
    details: [
      'QUERY           words, "phrases", field:value, level:>=warn, -term, OR, parentheses',
      '--since 10m     no older ones',
      '--limit 100     no more',
      '--open          the same in the browser',
      ...READER_DETAILS,
    ],
    options: { ...READER_OPTIONS, since: { type: 'string' }, limit: { type: 'string' }, open: { type: 'boolean' } },
    takes: Infinity,
    run: async (given) => {
      const address = readAddress(given)
      const q = given.positionals.join(' ')
      if (q === '') throw new UsageError('search needs a query.')
      const limit = readLimit(given)
      const { runSearch } = await import('./client/search-command.js')
      const { openPage } = await import('./client/open-page.js')
      const since = readText(given, 'since')
      await withOutput(given, (output) =>
        given.options['open'] === true
          ? openPage(
              `${address.url}/logs?${new URLSearchParams({ q, ...(since !== undefined && { from: asStart(since) }) }).toString()}`,
              output,
            )
          : runSearch({
              address,
              q,
              since: since === undefined ? undefined : asStart(since),
              limit,
              isJson: given.options['json'] === true,
              output,
            }),
      )
    },
  },
  nodes: {
    summary: 'which service nodes are there',
    usage: 'groundtrack nodes',
    details: READER_DETAILS,
    options: READER_OPTIONS,
    takes: 0,
    run: async (given) => {
      const address = readAddress(given)
      const { runNodes } = await import('./client/nodes-command.js')
      await withOutput(given, (output) => runNodes({ address, isJson: given.options['json'] === true, output }))
    },
  },
  breakers: {
    summary: 'which circuit breakers are open, since when and why',
    usage: 'groundtrack breakers',
    details: READER_DETAILS,
    options: READER_OPTIONS,
    takes: 0,
    run: async (given) => {
      const address = readAddress(given)
      const { runBreakers } = await import('./client/breakers-command.js')
      await withOutput(given, (output) => runBreakers({ address, isJson: given.options['json'] === true, output }))
    },
  },
  migrate: {
    summary: 'bring the database’s schema up to date, then end',
    usage: 'groundtrack migrate',
    details: [],
    options: {},
    takes: 0,
    run: async ({ env }) => (await import('./migrate.js')).runMigrations(readConfig(env)),
  },
  doctor: {
    summary: 'check collector, database, clock and disk, and say what to do',
    usage: 'groundtrack doctor',
    details: CLIENT_DETAILS,
    options: CLIENT_OPTIONS,
    takes: 0,
    run: async (given) => {
      const { runDoctor } = await import('./client/doctor-command.js')
      await withOutput(given, (output) => runDoctor(readConfig(given.env), readAddress(given), output))
    },
  },
  completion: {
    summary: 'a script that completes these words in your shell',
    usage: 'groundtrack completion bash|zsh|fish',
    details: ['for bash:  source <(groundtrack completion bash)', 'for fish:  groundtrack completion fish | source'],
    options: {},
    takes: 1,
    run: async ({ positionals }) => {
      const { writeCompletion } = await import('./completion.js')
      const script = writeCompletion(positionals[0] ?? '', COMMANDS)
      if (script === null) throw new UsageError('completion needs the name of a shell: bash, zsh or fish.')
      process.stdout.write(script)
    },
  },
} as const satisfies Record<string, Command>

export type CommandName = keyof typeof COMMANDS

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name)
}

function tailPage(session: string | undefined, q: string | undefined): string {
  return session === undefined
    ? `/logs?${new URLSearchParams({ ...(q !== undefined && { q }), live: '1' }).toString()}`
    : `/s/${session}?live=1`
}
