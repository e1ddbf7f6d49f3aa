import { ChartColumn, Download, Table2 } from 'lucide-react'
import { createContext, use, useMemo, useState, type ReactNode } from 'react'
import { usePlatform } from '../client/platform.tsx'
import { useHotkey } from '../lib/commands.tsx'
import { IconButton } from '../ui/button.tsx'
import { tableCsv } from '../ui/table.tsx'
import { toastFailure } from '../ui/toast.tsx'
import type { ChartData, ValueKind } from './chart-data.ts'
import { chartColumns, chartTableRows } from './chart-table.tsx'

interface Tables {
  /** By key t, for all charts of the page. */
  areTables: boolean
  /** Labels of those that are the other way. */
  turned: ReadonlySet<string>
  turn: (label: string) => void
}

const TablesContext = createContext<Tables>({ areTables: false, turned: new Set(), turn: () => {} })

/** Around a page with charts: key t turns all of them into tables and back. */
export function ChartTables({ children }: { children: ReactNode }) {
  const [areTables, setAreTables] = useState(false)
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  useHotkey('t', 'Charts as tables, and back', () => {
    setAreTables(!areTables)
    setTurned(new Set())
  })
  const value = useMemo(() => {
    const turn = (label: string) =>
      setTurned((turned) => {
        const others = [...turned].filter((other) => other !== label)
        return new Set(turned.has(label) ? others : [...others, label])
      })
    return { areTables, turned, turn }
  }, [areTables, turned])
  return <TablesContext value={value}>{children}</TablesContext>
}

export function useIsTable(label: string): boolean {
  const { areTables, turned } = use(TablesContext)
  return areTables !== turned.has(label)
}

export interface ChartActionsProps {
  label: string
  data: ChartData
  kind: ValueKind
  hasTotal: boolean
}

/** The two small buttons in the head of a chart's card: table twin, CSV. */
export function ChartActions({ label, data, kind, hasTotal }: ChartActionsProps) {
  const isTable = useIsTable(label)
  const { turn } = use(TablesContext)
  const { saveText } = usePlatform()
  const save = () => {
    const csv = tableCsv(chartColumns({ data, kind, hasTotal }), chartTableRows(data))
    saveText(`${label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.csv`, csv).catch(() =>
      toastFailure({ message: 'The file could not be written.' }),
    )
  }
  return (
    <div className="flex">
      <IconButton
        icon={isTable ? ChartColumn : Table2}
        label={isTable ? `${label}: show the chart` : `${label}: show the table`}
        onClick={() => turn(label)}
      />
      <IconButton icon={Download} label={`${label}: export as CSV`} onClick={save} />
    </div>
  )
}
