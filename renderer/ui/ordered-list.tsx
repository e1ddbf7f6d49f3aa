import { clsx } from 'clsx'
import { ChevronDown, ChevronUp, GripVertical } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject } from 'react'
import { IconButton } from './button.tsx'
import { dropIndex } from '../lib/move.ts'

export interface OrderedListProps<Item> {
  /** Read out: `Providers, first asked first`. */
  label: string
  items: readonly Item[]
  keyOf: (item: Item, index: number) => string
  /** For the names of the buttons and for what is said after a move. */
  nameOf: (item: Item) => string
  /** `to` is the index after the move. */
  onMove: (from: number, to: number) => void
  /** Stands above the rows, in line with what `children` draws. */
  heading?: ReactNode
  /** Space around each row. */
  rowClass?: string
  children: (item: Item, index: number) => ReactNode
}

/** A list whose order matters: drag its handles, press its arrows, or use the arrow keys on a handle. */
export function OrderedList<Item>(props: OrderedListProps<Item>) {
  const { label, items, keyOf, nameOf, onMove, heading, rowClass, children } = props
  const list = useRef<HTMLOListElement>(null)
  const [said, setSaid] = useState('')
  const move = (from: number, to: number) => {
    const item = items[from]
    if (item === undefined || to === from || to < 0 || to >= items.length) return
    onMove(from, to)
    setSaid(`${nameOf(item)} is now ${to + 1} of ${items.length}.`)
  }
  const drag = useDrag(list, move)
  const canMove = items.length > 1
  return (
    <>
      {heading !== undefined && (
        <div className={clsx('flex items-center gap-2 border-b border-line', rowClass)}>
          {canMove && <span className="w-5 shrink-0" />}
          <div className="min-w-0 flex-1">{heading}</div>
          {canMove && <span className="w-12 shrink-0" />}
        </div>
      )}
      <ol ref={list} aria-label={label} className="divide-y divide-line">
        {items.map((item, index) => (
          <li
            key={keyOf(item, index)}
            className={clsx('relative flex items-center gap-2', rowClass, drag.from === index && 'opacity-50')}
          >
            {canMove && (
              <Handle
                label={`Move ${nameOf(item)}: drag it, or press the arrow keys`}
                drag={drag.handlers(index)}
                onStep={(step) => move(index, index + step)}
              />
            )}
            <div className="min-w-0 flex-1">{children(item, index)}</div>
            {canMove && <Arrows {...{ index, last: items.length - 1, name: nameOf(item), move }} />}
            <DropLine {...{ index, from: drag.from, to: drag.to }} />
          </li>
        ))}
      </ol>
      <output className="sr-only">{said}</output>
    </>
  )
}

interface DragHandlers {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void
  onPointerMove: (event: PointerEvent<HTMLElement>) => void
  onPointerUp: () => void
  onPointerCancel: () => void
}

function useDrag(list: RefObject<HTMLOListElement | null>, move: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  const handlers = (from: number): DragHandlers => ({
    onPointerDown(event) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({ from, to: from })
    },
    onPointerMove(event) {
      if (drag !== undefined) setDrag({ from, to: dropIndex(middlesOf(list.current), from, event.clientY) })
    },
    onPointerUp() {
      if (drag !== undefined) move(drag.from, drag.to)
      setDrag(undefined)
    },
    onPointerCancel: () => setDrag(undefined),
  })
  return { from: drag?.from, to: drag?.to, handlers }
}

function middlesOf(list: HTMLOListElement | null): number[] {
  return [...(list?.children ?? [])].map((row) => {
    const { top, height } = row.getBoundingClientRect()
    return top + height / 2
  })
}

interface HandleProps {
  label: string
  drag: DragHandlers
  onStep: (step: -1 | 1) => void
}

function Handle({ label, drag, onStep }: HandleProps) {
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    onStep(event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <button
      type="button"
      aria-label={label}
      title="Drag to change the order"
      {...drag}
      onKeyDown={pressed}
      className="flex h-8 w-5 shrink-0 cursor-grab! touch-none items-center justify-center rounded-control text-faint hover:bg-hover hover:text-ink active:cursor-grabbing!"
    >
      <GripVertical aria-hidden className="size-4" strokeWidth={1.75} />
    </button>
  )
}

interface ArrowsProps {
  index: number
  last: number
  name: string
  move: (from: number, to: number) => void
}

/** Not `disabled` at the ends: the one that was just pressed would lose the focus. */
function Arrows({ index, last, name, move }: ArrowsProps) {
  const ends = (isEnd: boolean) => ({ 'aria-disabled': isEnd, className: isEnd ? 'opacity-35' : '' })
  return (
    <span className="flex shrink-0">
      <IconButton
        icon={ChevronUp}
        size="small"
        label={`Move ${name} up`}
        onClick={() => move(index, index - 1)}
        {...ends(index === 0)}
      />
      <IconButton
        icon={ChevronDown}
        size="small"
        label={`Move ${name} down`}
        onClick={() => move(index, index + 1)}
        {...ends(index === last)}
      />
    </span>
  )
}

/** Where the dragged row would land. */
function DropLine({ index, from, to }: { index: number; from: number | undefined; to: number | undefined }) {
  if (from === undefined || to !== index || to === from) return null
  return (
    <span aria-hidden className={clsx('absolute inset-x-0 h-0.5 bg-accent', to > from ? '-bottom-px' : '-top-px')} />
  )
}
