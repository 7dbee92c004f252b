import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { NotFoundPage } from './components/not-found-page'
import { PageCrash } from './components/page-crash'
import { Shell } from './components/shell'
import { readBoardSearch, readHistorySearch, readMapSearch } from './lib/board-search'
import { parseSearch, readListSearch, readSessionSearch, stringifySearch } from './lib/search-state'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: PageCrash })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readListSearch,
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/sessions', search, replace: true }) // TanStack Router's way to redirect
  },
})

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('./features/sessions/sessions-page'), 'SessionsPage'),
})

const session = createRoute({
  getParentRoute: () => root,
  path: '/s/$session',
  validateSearch: readSessionSearch,
  component: lazyRouteComponent(() => import('./features/session/session-page'), 'SessionPage'),
})

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('./features/logs/logs-page'), 'LogsPage'),
})

const nodes = createRoute({
  getParentRoute: () => root,
  path: '/nodes',
  validateSearch: readBoardSearch,
  component: lazyRouteComponent(() => import('./features/nodes/nodes-page'), 'NodesPage'),
})

const node = createRoute({
  getParentRoute: () => root,
  path: '/nodes/$node',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('./features/nodes/node-page'), 'NodePage'),
})

const breaker = createRoute({
  getParentRoute: () => root,
  path: '/breakers/$breaker',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('./features/nodes/breaker-page'), 'BreakerPage'),
})

const map = createRoute({
  getParentRoute: () => root,
  path: '/map',
  validateSearch: readMapSearch,
  component: lazyRouteComponent(() => import('./features/map/map-page'), 'MapPage'),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./features/settings/settings-page'), 'SettingsPage'),
})

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/deliveries', replace: true }) // as above
  },
})

const deliveries = createRoute({
  getParentRoute: () => settings,
  path: '/deliveries',
  component: lazyRouteComponent(() => import('./features/settings/deliveries-page'), 'DeliveriesPage'),
})

export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([
      home,
      sessions,
      session,
      logs,
      nodes,
      node,
      breaker,
      map,
      settings.addChildren([settingsHome, deliveries]),
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: false,
    defaultErrorComponent: PageCrash,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
