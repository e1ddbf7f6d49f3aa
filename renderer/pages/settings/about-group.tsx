import { useState } from 'react'
import { Link } from 'wouter'
import type { Status } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { aboutRows } from './about-rows.ts'
import { Group } from './group.tsx'
import { LicencesDialog } from './licences-dialog.tsx'

/** What runs here and where its things are. */
export function AboutGroup() {
  const status = useMethod('status.get', {}).data
  const [showsLicences, setShowsLicences] = useState(false)
  return (
    <Group id="about">
      {status !== undefined && <Facts status={status} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button onClick={() => setShowsLicences(true)}>Licences</Button>
        <TextLink href="/diagnostics" text="Diagnostics" />
        <TextLink href="/transfer" text="Import and export" />
      </div>
      <LicencesDialog open={showsLicences} onOpenChange={setShowsLicences} />
    </Group>
  )
}

function TextLink({ href, text }: { href: string; text: string }) {
  return (
    <Link href={href} className="rounded-small text-accent-ink hover:underline">
      {text}
    </Link>
  )
}

function Facts({ status }: { status: Status }) {
  return (
    <dl className="flex flex-col gap-1">
      {aboutRows(status).map(({ label, value, note }) => (
        <div key={label} className="flex min-h-6 items-start gap-4">
          <dt className="w-32 shrink-0 text-muted">{label}</dt>
          <dd className="flex min-w-0 flex-1 items-start gap-2">
            {value === undefined ? (
              <span>{note}</span>
            ) : (
              <>
                <code className="wrap-anywhere">{value}</code>
                <CopyButton text={value} label={`Copy: ${label}`} className="-mt-0.5" />
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
