import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const run = promisify(execFile)
const script = '../shared/tools/with-keyring.sh'
const child = fileURLToPath(import.meta.resolve('./keychain-child.ts'))

function missing(): string | undefined {
  if (!existsSync(script)) return `${script} is not there`
  const absent = ['dbus-run-session', 'gnome-keyring-daemon', 'gdbus'].filter((program) => !isInstalled(program))
  return absent.length === 0 ? undefined : `install dbus, gnome-keyring and libglib2.0-bin (no ${absent.join(', ')})`
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const lock = `gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets -m org.freedesktop.Secret.Service.Lock '[objectpath "/org/freedesktop/secrets/collection/login"]'`

/** Each list of steps is a process of its own under the same keyring; a text is a command of the shell. */
async function inKeyring(mode: string, ...processes: (string | string[])[]): Promise<unknown[][]> {
  const commands = processes
    .map((steps) => (typeof steps === 'string' ? steps : `"$0" "$1" ${steps.join(' ')}`))
    .join(' && ')
  const command = ['bash', script, 'sh', '-c', commands, process.execPath, child] as const
  const { stdout } = await run(command[0], command.slice(1), {
    env: { ...process.env, KEYRING: mode },
    timeout: 30_000,
  })
  const lines = stdout.split('\n').filter((line) => line.startsWith('['))
  return lines.map((line) => JSON.parse(line) as unknown[])
}

const reason = missing()
if (reason !== undefined) console.log(`skipped: the keychain tests need a keyring: ${reason}`)

describe.skipIf(reason !== undefined)('the keychain of the system', () => {
  test('unlocked: keeps a key for the next process, and forgets it', async () => {
    expect(
      await inKeyring('unlocked', ['problem', 'get', 'set', 'get'], ['get', 'delete', 'get'], ['get', 'delete']),
    ).toEqual([
      ['works', 'nothing', 'done', 'sk-kept'],
      ['sk-kept', 'done', 'nothing'],
      ['nothing', 'done'],
    ])
  })

  test('none: says what to do, and keeps nothing anywhere', async () => {
    const message = expect.stringMatching(/No keychain runs.*Secret Service.*environment variables/)
    expect(await inKeyring('none', ['problem', 'set', 'get'])).toEqual([
      [{ kind: 'absent', message }, message, message],
    ])
  })

  test('locked: says how to unlock', async () => {
    const message = expect.stringMatching(/locked\. Unlock it/)
    expect(await inKeyring('locked', ['problem', 'set'])).toEqual([[{ kind: 'locked', message }, message]])
  })

  test('locked after a key was kept: it is not taken for a key that is nowhere', async () => {
    const [kept, later] = await inKeyring('unlocked', ['set'], lock, ['get'])
    expect([kept, later]).toEqual([['done'], [expect.stringMatching(/locked\. Unlock it/)]])
  })
})
