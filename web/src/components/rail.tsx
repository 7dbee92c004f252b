import { Link } from '@tanstack/react-router'
import { CircleHelp, LayoutGrid, List, ListTree, Settings, Waypoints } from 'lucide-react'
import { HealthDot } from './health-dot'
import { Mark } from './mark'
import { ThemeSwitch } from './theme-switch'

/** Way to the pages, and below what concerns all of them. */
export function Rail({ onHelp }: { onHelp: () => void }) {
  return (
    <nav className="rail" aria-label="Pages">
      <Link to="/sessions" search={{}} className="rail-mark" aria-label="Groundtrack, all sessions">
        <Mark />
      </Link>
      <Link to="/sessions" search={{}} className="rail-entry" title="Sessions (g s)">
        <ListTree size={18} aria-hidden />
        <span className="visually-hidden">Sessions</span>
      </Link>
      <Link to="/logs" search={{}} className="rail-entry" title="Logs (g l)">
        <List size={18} aria-hidden />
        <span className="visually-hidden">Logs</span>
      </Link>
      <Link to="/nodes" search={{}} className="rail-entry" title="Nodes and breakers (g n)">
        <LayoutGrid size={18} aria-hidden />
        <span className="visually-hidden">Nodes</span>
      </Link>
      <Link to="/map" search={{}} className="rail-entry" title="Map of who calls whom (g m)">
        <Waypoints size={18} aria-hidden />
        <span className="visually-hidden">Map</span>
      </Link>
      <Link to="/settings/deliveries" className="rail-entry" title="Settings and deliveries (g d)">
        <Settings size={18} aria-hidden />
        <span className="visually-hidden">Settings</span>
      </Link>
      <div className="rail-foot">
        <button type="button" className="rail-entry" title="Help and keys (?)" onClick={onHelp}>
          <CircleHelp size={18} aria-hidden />
          <span className="visually-hidden">Help and keys</span>
        </button>
        <ThemeSwitch />
        <HealthDot />
      </div>
    </nav>
  )
}
