import { Suspense, useEffect, useRef } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { drawnCharts } from '../charts/drawn-charts.ts'
import { preloadAll } from '../lib/late.tsx'
import { EmptyState } from '../ui/notes.tsx'
import { PageBody } from '../ui/layout.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { routes } from './routes.ts'

/** The page at the right. It scrolls in itself, and is read out when it changes. */
export function Content() {
  const [location] = useLocation()
  const main = useRef<HTMLElement>(null)
  const page = location.split('/')[1] ?? ''
  const title = routes.find(({ path }) => path === `/${page}`)?.title
  useEffect(() => {
    document.title = title === undefined ? 'LLM Gateway' : `${title} - LLM Gateway`
    main.current?.scrollTo(0, 0)
  }, [title])
  useEffect(() => void preloadAll([...routes, ...Object.values(drawnCharts)]), [])
  return (
    <main ref={main} id="content" tabIndex={-1} className="h-full min-w-0 flex-1 overflow-x-hidden overflow-y-auto">
      <Suspense
        fallback={
          <PageBody>
            <SkeletonRows rows={8} />
          </PageBody>
        }
      >
        <Switch>
          {routes.map(({ pattern, Page }) => (
            <Route key={pattern} path={pattern}>
              <ErrorBoundary key={pattern}>
                <Page />
              </ErrorBoundary>
            </Route>
          ))}
          <Route>
            <EmptyState title="There is no such page" text={`Nothing is at ${location}. Choose a page at the left.`} />
          </Route>
        </Switch>
      </Suspense>
    </main>
  )
}
