import { useSearchParams } from 'wouter'
import { PageBody, PageHeader } from '../../ui/layout.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { ExportView } from './export-view.tsx'
import { ImportView } from './import-view.tsx'

/** The configuration out as gateway.yaml, and in. `?tab=import` opens the second. */
export function Page() {
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') === 'import' ? 'import' : 'export'
  return (
    <PageBody>
      <PageHeader
        title="Import and export"
        description="The same gateway.yaml works in this app, on a server and in a container."
      />
      <Tabs
        label="Direction"
        value={tab}
        onChange={(id) => setSearch({ tab: id }, { replace: true })}
        items={[
          { id: 'export', title: 'Export', content: <ExportView /> },
          { id: 'import', title: 'Import', content: <ImportView /> },
        ]}
      />
    </PageBody>
  )
}
