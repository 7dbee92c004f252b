#!/usr/bin/env node
import { runCommand } from './cli/commands.js'

/** What still holds the process when everything is done doesn't hold it for long. */
const LINGER_MS = 2_000

const exitCode = await runCommand(process.argv.slice(2), process.env)
process.exitCode ||= exitCode
setTimeout(() => process.exit(), LINGER_MS).unref()
