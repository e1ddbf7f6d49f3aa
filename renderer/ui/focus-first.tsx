import { useEffect, useRef, type ReactNode } from 'react'

/** Around the field that one wants to type into as soon as it appears, in a dialog that was asked for. */
export function FocusFirst({ isActive = true, children }: { isActive?: boolean; children: ReactNode }) {
  const around = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isActive) around.current?.querySelector('input')?.focus()
  }, [isActive])
  return (
    <div ref={around} className="contents">
      {children}
    </div>
  )
}
