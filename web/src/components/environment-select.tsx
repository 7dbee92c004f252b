import { ChevronDown } from 'lucide-react'
import { useServices } from '../api/services'

/** Narrows to one environment. Absent while there is only one to choose. */
export function EnvironmentSelect({ value, onChange }: { value: string | undefined; onChange: (environment: string | undefined) => void }) {
  const { data } = useServices()
  const known = new Set(data?.items.flatMap((each) => each.environments))
  if (value !== undefined) known.add(value)
  if (known.size < 2 && value === undefined) return null
  return (
    <span className="select">
      <select
        className="button"
        aria-label="Environment"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">All environments</option>
        {[...known].toSorted().map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
    </span>
  )
}
