import type { BreakerBoard, BreakerState } from '../../api.js'
import { askJson } from './collector-client.js'
import { formatAge } from './format-numbers.js'
import { formatTable } from './format-table.js'
import type { BoardCommand } from './nodes-command.js'
import { paint, visible, type Style } from './terminal.js'

const STATES: Readonly<Record<BreakerState, { sign: string; style: Style }>> = {
  closed: { sign: '●', style: 'green' },
  open: { sign: '✕', style: 'red' },
  half_open: { sign: '◐', style: 'yellow' },
  unknown: { sign: '?', style: 'gray' },
}
const PAGE = 1_000

/** Writes every breaker: who says it of whom, since when and why. */
export async function runBreakers({ address, isJson, output }: BoardCommand): Promise<void> {
  const board = await askJson<BreakerBoard>(address, `/api/v1/breakers?limit=${PAGE}`)
  if (isJson) {
    for (const breaker of board.items) await output.write(JSON.stringify(breaker))
    return
  }
  if (board.items.length === 0) return output.note('no breaker has been reported yet')
  const { terminal } = output
  const rows = board.items.map((breaker) => {
    const { sign, style } = STATES[breaker.state]
    return [
      { text: `${sign} ${breaker.state.replace('_', ' ')}`, style },
      { text: visible(terminal, `${breaker.caller.name} → ${breaker.target.name}`) },
      { text: formatAge(breaker.since, Date.parse(board.asOf)) },
      { text: breaker.failures === 0 ? '' : String(breaker.failures) },
      { text: visible(terminal, breaker.reason) },
    ]
  })
  for (const line of formatTable(['state', 'caller → callee', 'for', 'failures', 'reason'], rows, (style, text) =>
    paint(terminal, style, text),
  ))
    await output.write(line)
}
