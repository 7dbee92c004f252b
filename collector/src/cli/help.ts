export const HELP = `Usage: groundtrack [command]

  serve      collect events, show them in the browser (the default)
  migrate    bring the database's schema up to date, then end

  --help, --version

Variables:
  GROUNDTRACK_DATABASE_URL   PostgreSQL 15 or later, else DATABASE_URL, else an embedded one is started
  GROUNDTRACK_DATA_DIR       the embedded PostgreSQL's files
  GROUNDTRACK_HOST           127.0.0.1 (the default) or ::1
  GROUNDTRACK_PORT           4318
  GROUNDTRACK_RETENTION      age at which events are dropped: 12h, 7d (the default), 4w
  GROUNDTRACK_MAX_DISK       the oldest days are dropped above this size: 500MB, 20GB
  GROUNDTRACK_LOG_LEVEL      trace, debug, info (the default), warn, error, fatal, silent

Exit status: 0 fine, 1 failed, 2 wrong usage.`
