import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright'

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds serious or critical on a page, each rule with its first places. Throws where it looked at nothing. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // A button that is pressed and done at this moment is half pale: axe would measure the one and name the other.
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
  // By evaluate, because the window's CSP lets no script in.
  await page.evaluate(await readFile(axeFile, 'utf8'))
  const { violations, passes } = (await page.evaluate('axe.run(document)')) as AxeResults
  if (passes.length <= 10) throw new Error('axe has looked at next to nothing')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 220))
          .join('\n')}`,
    )
}
