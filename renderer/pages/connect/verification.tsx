import type { ToolVerification } from '../../../gateway/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Note } from '../../ui/notes.tsx'
import { verificationWords } from './tool-words.ts'

/** What the tool will really use, read back from its files and the environment, and what overrides the gateway. */
export function Verification({ verification, name }: { verification: ToolVerification; name: string }) {
  const { ok, settings, conflicts } = verification
  const words = verificationWords(verification, name)
  return (
    <div className="flex flex-col gap-3">
      {ok ? (
        <output className="rounded-card bg-good-soft px-4 py-3 font-medium">{words}</output>
      ) : (
        <Note
          kind="warn"
          title={words}
          text={
            <ul className="list-disc pl-4">
              {conflicts.map((conflict) => (
                <li key={conflict}>{conflict}</li>
              ))}
            </ul>
          }
        />
      )}
      {settings.length > 0 && (
        <table className="w-full">
          <caption className="sr-only">What {name} will use</caption>
          <thead className="sr-only">
            <tr>
              <th>Setting</th>
              <th>Value</th>
              <th>From</th>
            </tr>
          </thead>
          <tbody>
            {settings.map(({ name: setting, value, from, isOurs }) => (
              <tr key={setting} className="border-t border-line first:border-t-0">
                <th scope="row" className="py-1.5 pr-4 text-left font-normal whitespace-nowrap text-muted">
                  {setting}
                </th>
                <td className="py-1.5 pr-4 wrap-anywhere">
                  {value === null ? <span className="text-faint">not set</span> : <code>{value}</code>}
                </td>
                <td className="py-1.5 text-small wrap-anywhere text-muted">
                  {from ?? ''} {!isOurs && value !== null && <Badge tone="warn">not ours</Badge>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
