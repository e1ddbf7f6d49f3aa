import {
  Activity,
  ArrowLeftRight,
  Boxes,
  Database,
  Gauge,
  LayoutDashboard,
  Plug,
  Settings,
  SquareTerminal,
  Stethoscope,
  type LucideIcon,
} from 'lucide-react'
import { latePage, type LatePage } from './late-page.tsx'

export interface PageRoute extends LatePage {
  /** wouter's pattern; what follows a page's own path is the page's affair. */
  pattern: string
  path: string
  title: string
  icon: LucideIcon
  /** Where it is reached from; `hidden`: from Settings and the palette. */
  place: 'rail' | 'foot' | 'hidden'
  keywords?: readonly string[]
}

/** Every page of the window: a new one is a line here and a folder in pages/. */
export const routes: readonly PageRoute[] = [
  {
    pattern: '/',
    path: '/',
    title: 'Overview',
    icon: LayoutDashboard,
    place: 'rail',
    keywords: ['spend', 'cost', 'dashboard', 'latency'],
    ...latePage(() => import('../pages/overview/page.tsx')),
  },
  {
    pattern: '/traffic/:callId?',
    path: '/traffic',
    title: 'Traffic',
    icon: Activity,
    place: 'rail',
    keywords: ['calls', 'requests', 'log', 'errors'],
    ...latePage(() => import('../pages/traffic/page.tsx')),
  },
  {
    pattern: '/providers/*?',
    path: '/providers',
    title: 'Providers',
    icon: Plug,
    place: 'rail',
    keywords: ['keys', 'api key', 'health'],
    ...latePage(() => import('../pages/providers/page.tsx')),
  },
  {
    pattern: '/models/*?',
    path: '/models',
    title: 'Models',
    icon: Boxes,
    place: 'rail',
    keywords: ['aliases', 'fallback', 'routing', 'prices'],
    ...latePage(() => import('../pages/models/page.tsx')),
  },
  {
    pattern: '/cache',
    path: '/cache',
    title: 'Cache',
    icon: Database,
    place: 'rail',
    ...latePage(() => import('../pages/cache/page.tsx')),
  },
  {
    pattern: '/limits',
    path: '/limits',
    title: 'Limits',
    icon: Gauge,
    place: 'rail',
    keywords: ['rate limit'],
    ...latePage(() => import('../pages/limits/page.tsx')),
  },
  {
    pattern: '/playground',
    path: '/playground',
    title: 'Playground',
    icon: SquareTerminal,
    place: 'rail',
    keywords: ['try', 'chat', 'send'],
    ...latePage(() => import('../pages/playground/page.tsx')),
  },
  {
    pattern: '/settings',
    path: '/settings',
    title: 'Settings',
    icon: Settings,
    place: 'foot',
    keywords: ['port', 'theme', 'retention', 'updates', 'proxy'],
    ...latePage(() => import('../pages/settings/page.tsx')),
  },
  {
    pattern: '/transfer',
    path: '/transfer',
    title: 'Import and export',
    icon: ArrowLeftRight,
    place: 'hidden',
    keywords: ['gateway.yaml', 'configuration', 'backup'],
    ...latePage(() => import('../pages/transfer/page.tsx')),
  },
  {
    pattern: '/diagnostics',
    path: '/diagnostics',
    title: 'Diagnostics',
    icon: Stethoscope,
    place: 'hidden',
    keywords: ['checks', 'report', 'problems', 'help'],
    ...latePage(() => import('../pages/diagnostics/page.tsx')),
  },
]
