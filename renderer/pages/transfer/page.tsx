import { PageBody, PageHeader } from '../../ui/layout.tsx'

/** To be made. */
export function Page() {
  return (
    <PageBody>
      <PageHeader title="Import and export" />
    </PageBody>
  )
}
