import { ShieldAlert } from 'lucide-react'
import { Link } from 'wouter'
import { useMethod } from '../client/query.ts'

/** Above every page, and not to be closed: strangers can spend the user's money, and nobody has a key. */
export function OpenDoor() {
  const status = useMethod('status.get', {}).data
  if (status?.exposure !== 'no-keys') return null
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-bad-soft px-6 py-2 text-bad">
      <ShieldAlert aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">
        <strong className="font-semibold">Open to everybody.</strong> The gateway listens on {status.host}, has no
        client key and answers calls without one: whoever reaches it can spend your money.
      </p>
      <Link href="/keys?new" className="font-semibold underline">
        Create a key
      </Link>
    </div>
  )
}
