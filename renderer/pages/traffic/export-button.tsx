import { Download } from 'lucide-react'
import { useState } from 'react'
import type { CallFilter, CallRow, MethodInput } from '../../../gateway/contract.ts'
import { asFailure, type Client } from '../../client/client.ts'
import { useClient } from '../../client/client-context.tsx'
import { usePlatform } from '../../client/platform.tsx'
import { formatCount } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { toast, toastFailure } from '../../ui/toast.tsx'
import { callsCsv } from './calls-csv.ts'

/** A spreadsheet takes about this many well, and so does the memory of the window. */
const mostCalls = 50_000
const pageSize = 500

/** All calls that fit the filters as CSV, not only those that were scrolled to. */
export function ExportButton({ filter }: { filter: CallFilter }) {
  const client = useClient()
  const { saveText } = usePlatform()
  const [isBusy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const { calls, isCut } = await readAll(client, filter)
      const day = new Date().toISOString().slice(0, 10)
      if (!(await saveText(`traffic-${day}.csv`, callsCsv(calls)))) return
      toast(
        isCut
          ? `Only the newest ${formatCount(calls.length)} calls were exported: narrow the filters for older ones.`
          : `${formatCount(calls.length)} calls exported`,
      )
    } catch (thrown) {
      toastFailure(asFailure(thrown))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button icon={Download} isBusy={isBusy} onClick={() => void run()}>
      Export CSV
    </Button>
  )
}

async function readAll(client: Client, filter: CallFilter): Promise<{ calls: CallRow[]; isCut: boolean }> {
  const calls: CallRow[] = []
  let before: MethodInput<'traffic.list'>['before']
  for (;;) {
    const page = await client.call('traffic.list', {
      limit: pageSize,
      filter,
      ...(before === undefined ? {} : { before }),
    })
    calls.push(...page.calls)
    const last = page.calls.at(-1)
    if (!page.hasMore || last === undefined) return { calls, isCut: false }
    if (calls.length >= mostCalls) return { calls, isCut: true }
    before = { startedAt: last.startedAt, id: last.id }
  }
}
