import { clsx } from 'clsx'
import { Link, useLocation } from 'wouter'
import { Tooltip } from '../ui/tooltip.tsx'
import { routes, type PageRoute } from './routes.ts'
import { StatusCard } from './status-card.tsx'

/** The pages at the left; signs only where the window is narrow. */
export function Rail({ isMac }: { isMac: boolean }) {
  return (
    <nav
      aria-label="Pages"
      className={clsx(
        'flex w-14 shrink-0 [app-region:drag] [&_a]:[app-region:no-drag] [&_button]:[app-region:no-drag] flex-col gap-px border-r border-line bg-rail px-2 pb-2 medium:w-52',
        // macOS draws the window's own buttons there; what is free of links moves the window.
        isMac ? 'pt-11' : 'pt-3',
      )}
    >
      <div className="flex h-9 items-center gap-2 px-2 pb-1 font-semibold select-none max-medium:justify-center max-medium:px-0">
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" className="size-5 shrink-0" />
        <span className="max-medium:sr-only">LLM Gateway</span>
      </div>
      {routes
        .filter(({ place }) => place === 'rail')
        .map((route) => (
          <RailLink key={route.path} route={route} />
        ))}
      <div className="mt-auto flex flex-col gap-1">
        <StatusCard />
        {routes
          .filter(({ place }) => place === 'foot')
          .map((route) => (
            <RailLink key={route.path} route={route} />
          ))}
      </div>
    </nav>
  )
}

function RailLink({ route: { path, title, icon: Icon } }: { route: PageRoute }) {
  const [location] = useLocation()
  const isHere = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
  return (
    <Tooltip text={title} side="right">
      <Link
        href={path}
        aria-current={isHere ? 'page' : undefined}
        className={clsx(
          'flex h-8 shrink-0 items-center gap-2.5 rounded-control px-2 select-none max-medium:justify-center max-medium:px-0',
          isHere ? 'bg-selected font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
        )}
      >
        <Icon aria-hidden className={clsx('size-4 shrink-0', isHere && 'text-accent-ink')} strokeWidth={1.75} />
        <span className="truncate max-medium:sr-only">{title}</span>
      </Link>
    </Tooltip>
  )
}
