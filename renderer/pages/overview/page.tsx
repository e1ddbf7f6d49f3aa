import { ChartTables } from '../../charts/chart-tables.tsx'
import { useFreshUsage, useMethod } from '../../client/query.ts'
import { rangeTitles, type TimeRange } from '../../lib/range.ts'
import { PageBody, PageHeader } from '../../ui/layout.tsx'
import { Note } from '../../ui/notes.tsx'
import { RangePicker, useRange } from '../../ui/range-picker.tsx'
import { ExportMenu } from './export-menu.tsx'
import { Figures } from './figures.tsx'
import { Problems } from './problems.tsx'
import { FirstRun } from './first-run.tsx'
import { LatencyCard } from './latency-card.tsx'
import { MonthCard } from './month-card.tsx'
import { RecentErrors } from './recent-errors.tsx'
import { TopList } from './top-list.tsx'
import { UsageChart } from './usage-chart.tsx'

/** Is it working, what did it do, what does it cost. */
export function Page() {
  const { choice, range, choose } = useRange('today')
  useFreshUsage()
  // Before the first call there is nothing to see in charts.
  const hasCalls = useMethod('status.get', {}).data?.hasCalls !== false
  return (
    <ChartTables>
      <PageBody className="gap-4!">
        <PageHeader title="Overview">
          <RangePicker choice={choice} onChoose={choose} />
          <ExportMenu range={range} />
        </PageHeader>
        <Reasons />
        <Problems range={range} />
        <FirstRun />
        <Figures range={range} spanWords={rangeTitles[choice.name]} />
        {hasCalls && <Details range={range} />}
      </PageBody>
    </ChartTables>
  )
}

function Details({ range }: { range: TimeRange }) {
  return (
    <>
      <UsageChart range={range} />
      <div className="grid gap-4 medium:grid-cols-3 max-medium:grid-cols-2">
        <TopList title="By model" by="model" filter="model" nameless="no model" range={range} />
        <TopList title="By tool" by="key" filter="key" nameless="no key" range={range} />
        <MonthCard />
        <RecentErrors />
        <LatencyCard range={range} className="col-span-2" />
      </div>
    </>
  )
}

/** Why it is not running as it should, when it is not. */
function Reasons() {
  const status = useMethod('status.get', {}).data
  if (status === undefined) return null
  if (status.state === 'stopped') return <Note kind="warn" title="The gateway is paused: calls are refused." />
  return status.reasons.map((reason) => <Note key={reason} kind="warn" title={reason} />)
}
