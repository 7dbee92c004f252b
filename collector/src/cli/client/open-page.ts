import { spawn } from 'node:child_process'
import type { Output } from './output.js'

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer' }

/** Opens a page of the viewer in the person's browser; where there is none, its address is written instead. */
export function openPage(url: string, output: Output): Promise<void> {
  return new Promise((resolve) => {
    const opener = spawn(OPENERS[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true })
    opener.once('error', () => void output.write(url).then(resolve))
    opener.once('spawn', () => {
      opener.unref()
      output.note(`opened ${url}`)
      resolve()
    })
  })
}
