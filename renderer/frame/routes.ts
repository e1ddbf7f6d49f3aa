import {
  Activity,
  ArrowLeftRight,
  Boxes,
  Cable,
  Database,
  Gauge,
  KeyRound,
  LayoutDashboard,
  Plug,
  Settings,
  ShieldCheck,
  SquareTerminal,
  Stethoscope,
  Wallet,
  type LucideIcon,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { late } from '../lib/late.tsx'

export interface PageRoute {
  /** wouter's pattern; what follows a page's own path is the page's affair. */
  pattern: string
  path: string
  title: string
  icon: LucideIcon
  /** Where it is reached from; `hidden`: from Settings and the palette. */
  place: 'rail' | 'foot' | 'hidden'
  keywords?: readonly string[]
  Page: ComponentType
  /** Fetches its code before it is opened. */
  preload: () => Promise<unknown>
}

function page(load: () => Promise<{ Page: ComponentType }>): Pick<PageRoute, 'Page' | 'preload'> {
  const { Component, preload } = late(async () => (await load()).Page)
  return { Page: Component, preload }
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
    ...page(() => import('../pages/overview/page.tsx')),
  },
  {
    pattern: '/traffic/:callId?',
    path: '/traffic',
    title: 'Traffic',
    icon: Activity,
    place: 'rail',
    keywords: ['calls', 'requests', 'log', 'errors'],
    ...page(() => import('../pages/traffic/page.tsx')),
  },
  {
    pattern: '/providers/*?',
    path: '/providers',
    title: 'Providers',
    icon: Plug,
    place: 'rail',
    keywords: ['keys', 'api key', 'health'],
    ...page(() => import('../pages/providers/page.tsx')),
  },
  {
    pattern: '/models/*?',
    path: '/models',
    title: 'Models',
    icon: Boxes,
    place: 'rail',
    keywords: ['aliases', 'fallback', 'routing', 'prices'],
    ...page(() => import('../pages/models/page.tsx')),
  },
  {
    pattern: '/cache',
    path: '/cache',
    title: 'Cache',
    icon: Database,
    place: 'rail',
    ...page(() => import('../pages/cache/page.tsx')),
  },
  {
    pattern: '/limits',
    path: '/limits',
    title: 'Limits',
    icon: Gauge,
    place: 'rail',
    keywords: ['rate limit'],
    ...page(() => import('../pages/limits/page.tsx')),
  },
  {
    pattern: '/keys',
    path: '/keys',
    title: 'Keys',
    icon: KeyRound,
    place: 'rail',
    keywords: ['client keys', 'access', 'anonymous', 'revoke', 'rotate'],
    ...page(() => import('../pages/keys/page.tsx')),
  },
  {
    pattern: '/budgets',
    path: '/budgets',
    title: 'Budgets',
    icon: Wallet,
    place: 'rail',
    keywords: ['spend', 'cost', 'money', 'limit', 'forecast'],
    ...page(() => import('../pages/budgets/page.tsx')),
  },
  {
    pattern: '/guards',
    path: '/guards',
    title: 'Guards',
    icon: ShieldCheck,
    place: 'rail',
    keywords: ['secrets', 'pii', 'personal data', 'prompt injection', 'redact', 'block'],
    ...page(() => import('../pages/guards/page.tsx')),
  },
  {
    pattern: '/connect',
    path: '/connect',
    title: 'Connect',
    icon: Cable,
    place: 'rail',
    keywords: ['tools', 'claude code', 'codex', 'gemini cli', 'base url', 'sdk'],
    ...page(() => import('../pages/connect/page.tsx')),
  },
  {
    pattern: '/playground',
    path: '/playground',
    title: 'Playground',
    icon: SquareTerminal,
    place: 'rail',
    keywords: ['try', 'chat', 'send'],
    ...page(() => import('../pages/playground/page.tsx')),
  },
  {
    pattern: '/settings',
    path: '/settings',
    title: 'Settings',
    icon: Settings,
    place: 'foot',
    keywords: ['port', 'theme', 'retention', 'updates', 'proxy'],
    ...page(() => import('../pages/settings/page.tsx')),
  },
  {
    pattern: '/transfer',
    path: '/transfer',
    title: 'Import and export',
    icon: ArrowLeftRight,
    place: 'hidden',
    keywords: ['gateway.yaml', 'configuration', 'backup'],
    ...page(() => import('../pages/transfer/page.tsx')),
  },
  {
    pattern: '/diagnostics',
    path: '/diagnostics',
    title: 'Diagnostics',
    icon: Stethoscope,
    place: 'hidden',
    keywords: ['checks', 'report', 'problems', 'help'],
    ...page(() => import('../pages/diagnostics/page.tsx')),
  },
]
