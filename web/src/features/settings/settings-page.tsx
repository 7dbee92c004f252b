import { Link, Outlet } from '@tanstack/react-router'
import './settings.css'

/** The frame of the settings: a list of pages at the left, the page beside it. */
export function SettingsPage() {
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        <p className="settings-title">Settings</p>
        <Link to="/settings/deliveries" className="settings-entry">
          Deliveries
        </Link>
      </nav>
      <div className="settings-page">
        <Outlet />
      </div>
    </div>
  )
}
