import { clsx } from 'clsx'
import { ArrowDown, ArrowUp, Download, Search } from 'lucide-react'
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { usePlatform } from '../client/platform.tsx'
import { writeCsv, type CsvValue } from '../lib/csv.ts'
import { sortRows, type Sorting, type SortValue } from '../lib/sort-rows.ts'
import { IconButton } from './button.tsx'
import { TextField } from './text-field.tsx'
import { toastFailure } from './toast.tsx'

export interface Column<Row> {
  id: string
  title: string
  /** What is drawn. */
  cell: (row: Row) => ReactNode
  /** What it is sorted by; absent: it cannot be sorted by this column. */
  sort?: (row: Row) => SortValue
  /** What stands in the CSV, plain and exact; `sort` when absent. */
  csv?: (row: Row) => CsvValue
  /** Numbers stand at the right. */
  align?: 'left' | 'right'
  /** Any CSS width; the column without one takes what is left. */
  width?: string
}

export interface TableProps<Row> {
  /** Read out: `Spend by model`. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Opens a row: click or Enter. Arrow keys (or j and k) move between rows. */
  onOpen?: (row: Row) => void
  initialSort?: Sorting
  /** Name of the CSV file without its ending; absent: no export. */
  csvName?: string
  /** Text that is searched; absent: no filter. */
  filterText?: (row: Row) => string
  /** Shown when there are no rows. */
  empty?: ReactNode
  /** Pixels after which it scrolls under its heading. */
  maxHeight?: number
  /** Old rows, while new ones are on their way. */
  isDimmed?: boolean
}

/** Rows that can be sorted, filtered, walked by keyboard and exported. For thousands of rows virtualise instead. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, onOpen, csvName, filterText, empty, maxHeight, isDimmed } = props
  const [sorting, setSorting] = useState(props.initialSort)
  const [filter, setFilter] = useState('')
  const shown = useMemo(
    () => arrange(rows, columns, { sorting, filter, filterText }),
    [rows, columns, sorting, filter, filterText],
  )
  return (
    <div className="flex min-w-0 flex-col">
      {(csvName !== undefined || filterText !== undefined) && rows.length > 0 && (
        <div className="flex items-center justify-end gap-2 px-4 pb-2">
          {filterText !== undefined && (
            <TextField
              {...{ label: `Filter: ${label}`, hidesLabel: true, value: filter, onChange: setFilter }}
              icon={Search}
              placeholder="Filter"
              className="w-48"
            />
          )}
          {csvName !== undefined && <ExportButton {...{ columns, rows: shown, csvName }} />}
        </div>
      )}
      <div
        className={clsx('overflow-auto', isDimmed === true && 'dimmed')}
        style={maxHeight === undefined ? undefined : { maxHeight }}
      >
        <table aria-label={label} className="w-full border-separate border-spacing-0">
          <Heading {...{ columns, sorting, setSorting }} />
          <tbody>
            {shown.map((row, index) => (
              <BodyRow key={rowKey(row)} {...{ row, columns, onOpen, isFirst: index === 0 }} />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && (rows.length > 0 ? <p className="p-4 text-muted">Nothing fits “{filter}”.</p> : empty)}
      </div>
    </div>
  )
}

interface Arrangement<Row> {
  sorting: Sorting | undefined
  filter: string
  filterText: ((row: Row) => string) | undefined
}

function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  arrangement: Arrangement<Row>,
): readonly Row[] {
  const { sorting, filter, filterText } = arrangement
  const wanted = filter.trim().toLowerCase()
  const kept =
    wanted === '' || filterText === undefined
      ? rows
      : rows.filter((row) => filterText(row).toLowerCase().includes(wanted))
  const valueOf = columns.find((column) => column.id === sorting?.column)?.sort
  return sorting === undefined || valueOf === undefined ? kept : sortRows(kept, valueOf, sorting.descending)
}

interface HeadingProps<Row> {
  columns: readonly Column<Row>[]
  sorting: Sorting | undefined
  setSorting: (sorting: Sorting) => void
}

function Heading<Row>({ columns, sorting, setSorting }: HeadingProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const sorted = sorting?.column === column.id ? sorting : undefined
          const turn = () =>
            setSorting({
              column: column.id,
              descending: sorted === undefined ? column.align === 'right' : !sorted.descending,
            })
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={sorted === undefined ? undefined : sorted.descending ? 'descending' : 'ascending'}
              style={{ width: column.width }}
              className={clsx(
                'sticky top-0 z-10 h-8 border-b border-line bg-card px-2 text-small font-medium text-muted first:pl-4 last:pr-4',
                column.align === 'right' ? 'text-right' : 'text-left',
              )}
            >
              {column.sort === undefined ? (
                column.title
              ) : (
                <button
                  type="button"
                  onClick={turn}
                  className={clsx(
                    'group inline-flex items-center gap-1 whitespace-nowrap hover:text-ink',
                    column.align === 'right' && 'flex-row-reverse',
                  )}
                >
                  {column.title}
                  <SortSign sorting={sorted} />
                </button>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function SortSign({ sorting }: { sorting: Sorting | undefined }) {
  const Icon = sorting?.descending === false ? ArrowUp : ArrowDown
  return <Icon aria-hidden className={clsx('size-3', sorting === undefined && 'opacity-0 group-hover:opacity-50')} />
}

interface BodyRowProps<Row> {
  row: Row
  columns: readonly Column<Row>[]
  onOpen: ((row: Row) => void) | undefined
  isFirst: boolean
}

function BodyRow<Row>({ row, columns, onOpen, isFirst }: BodyRowProps<Row>) {
  const opening =
    onOpen === undefined
      ? {}
      : {
          tabIndex: isFirst ? 0 : -1,
          onClick: () => onOpen(row),
          onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => {
            if (event.target !== event.currentTarget) return
            if (event.key === 'Enter') onOpen(row)
            else moveBetweenRows(event)
          },
        }
  return (
    <tr
      {...opening}
      className={clsx('group', onOpen !== undefined && '-outline-offset-2! hover:bg-hover focus-visible:bg-hover')}
    >
      {columns.map((column) => (
        <td
          key={column.id}
          className={clsx(
            'h-9 max-w-80 truncate border-b border-line px-2 group-last:border-b-0 first:pl-4 last:pr-4',
            column.align === 'right' && 'text-right',
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

/** Roving focus: one row is in the tab order, the keys move on from it. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget
  const steps: Record<string, Element | null | undefined> = {
    ArrowDown: row.nextElementSibling,
    j: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    k: row.previousElementSibling,
    Home: row.parentElement?.firstElementChild,
    End: row.parentElement?.lastElementChild,
  }
  const next = steps[event.key]
  if (!(next instanceof HTMLElement)) return
  event.preventDefault()
  row.tabIndex = -1
  next.tabIndex = 0
  next.focus()
}

interface ExportButtonProps<Row> {
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  csvName: string
}

function ExportButton<Row>({ columns, rows, csvName }: ExportButtonProps<Row>) {
  const { saveText } = usePlatform()
  const save = () => {
    saveText(`${csvName}.csv`, tableCsv(columns, rows)).catch((thrown: unknown) =>
      toastFailure({ message: thrown instanceof Error ? thrown.message : 'The file could not be written.' }),
    )
  }
  return <IconButton icon={Download} label="Export as CSV" onClick={save} />
}

/** The rows as shown; columns without a plain value (buttons, bars) are left out. */
export function tableCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const plain = columns.filter((column) => column.csv !== undefined || column.sort !== undefined)
  const value = (column: Column<Row>, row: Row): CsvValue => {
    const found = (column.csv ?? column.sort)?.(row)
    return typeof found === 'boolean' ? String(found) : found
  }
  return writeCsv(
    plain.map((column) => column.title),
    rows.map((row) => plain.map((column) => value(column, row))),
  )
}
