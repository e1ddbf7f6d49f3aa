import ownLicence from '../../../LICENSE?raw'
import { licenceName, packageOf } from './licence-names.ts'

// The licences say that their text goes wherever the code goes.
const texts = import.meta.glob<string>(
  [
    '../../../node_modules/{react,react-dom,scheduler,radix-ui,recharts,sonner,cmdk,lucide-react,clsx}/{LICENSE,LICENSE.md,license}',
    '../../../node_modules/@tanstack/{react-query,react-virtual,query-core}/LICENSE',
    '../../../node_modules/@fontsource-variable/{inter,jetbrains-mono}/LICENSE',
    '../../../node_modules/{fastify,undici,zod,yaml,pino,pino-pretty,prom-client,electron-store,electron-updater}/{LICENSE,license}',
    '../../../node_modules/{@fastify/cors,@napi-rs/keyring,@pydantic/genai-prices}/LICENSE',
  ],
  { query: '?raw', import: 'default', eager: true, exhaustive: true },
)

const licences = [
  { name: 'LLM Gateway', text: ownLicence },
  ...Object.entries(texts)
    .map(([path, text]) => ({ name: packageOf(path), text }))
    .toSorted((one, other) => one.name.localeCompare(other.name)),
]

/** Each opens with a click. */
export function LicenceTexts() {
  return (
    <ul className="flex flex-col">
      {licences.map(({ name, text }) => (
        <li key={name} className="border-t border-line first:border-t-0">
          <details>
            <summary className="flex h-9 items-center justify-between gap-4 rounded-small">
              <span className="truncate">{name}</span>
              <span className="shrink-0 text-muted">{licenceName(text)}</span>
            </summary>
            <pre
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get into it
              tabIndex={0}
              aria-label={`Licence of ${name}`}
              className="mb-3 max-h-80 overflow-auto rounded-control bg-sunken p-3 whitespace-pre-wrap"
            >
              {text.trim()}
            </pre>
          </details>
        </li>
      ))}
    </ul>
  )
}
