import { Popover } from '@base-ui/react/popover'
import { ChevronDown } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { isoOf, toLocalField } from '../lib/instant'
import { LAST_CHOICES, nameLastChoice, nameTimeRange, resolvePeriod, type TimeRange } from '../lib/time-range'

interface TimeRangePickerProps {
  range: TimeRange
  onChange: (range: { from: string; to?: string }) => void
}

/** Which time is searched: the last so long, or from one moment to another. */
export function TimeRangePicker({ range, onChange }: TimeRangePickerProps) {
  const [open, setOpen] = useState(false)
  const choose = (chosen: { from: string; to?: string }) => {
    setOpen(false)
    onChange(chosen)
  }
  const name = nameTimeRange(range)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="button" aria-label={`Time range: ${name}`}>
        {name} <ChevronDown size={14} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end">
          <Popover.Popup className="picker-popup" aria-label="Time range">
            {LAST_CHOICES.map((choice) => (
              <button
                key={choice}
                type="button"
                className="picker-choice"
                aria-pressed={name === nameLastChoice(choice)}
                onClick={() => choose({ from: choice })}
              >
                {nameLastChoice(choice)}
              </button>
            ))}
            <CustomRange range={range} onChange={choose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function CustomRange({ range, onChange }: { range: TimeRange; onChange: (range: { from: string; to: string }) => void }) {
  const [shown] = useState(() => resolvePeriod(range, Date.now()))
  const [from, setFrom] = useState(() => toLocalField(Date.parse(shown.from)))
  const [to, setTo] = useState(() => toLocalField(Date.parse(shown.to)))
  const [fault, setFault] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const [start, end] = [Date.parse(from), Date.parse(to)]
    if (!(start < end)) return setFault('The start must lie before the end.')
    return onChange({ from: isoOf(start), to: isoOf(end) })
  }
  return (
    <form className="picker-custom" onSubmit={submit}>
      <label>
        From <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} required />
      </label>
      <label>
        To <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} required />
      </label>
      {fault !== '' && (
        <p className="picker-fault" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" className="button">
        Show this time
      </button>
    </form>
  )
}
