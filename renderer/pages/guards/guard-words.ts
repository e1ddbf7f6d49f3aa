import type { GuardRule } from '../../../gateway/contract.ts'

export const checkTitles: Record<GuardRule['check'], string> = {
  secrets: 'Secrets',
  pii: 'Personal data',
  'prompt-injection': 'Prompt injection',
}

export const actionTitles: Record<GuardRule['action'], string> = {
  log: 'Note it',
  flag: 'Tell the client',
  redact: 'Take it out',
  block: 'Refuse the call',
}

/** What each action does, in a sentence. */
export const actionHelp: Record<GuardRule['action'], string> = {
  log: 'The call goes on; Traffic, the log and the metrics say what was found.',
  flag: 'The same, and the answer has the header x-gateway-guard.',
  redact: 'What was found is replaced, for example by [redacted:email], and the call goes on.',
  block: 'The client gets an error that names the guard. An answer that has begun is ended there.',
}

/** `requests`, `answers`, `requests and answers` */
export function sidesWords(on: GuardRule['on']): string {
  const names = [on.includes('request') ? 'requests' : '', on.includes('response') ? 'answers' : '']
  return names.filter((name) => name !== '').join(' and ')
}

/** `all calls`, `fast, gpt-*` */
export function aliasesWords(aliases: GuardRule['aliases']): string {
  return aliases === null ? 'all calls' : aliases.join(', ')
}

/** `Secrets, in requests and answers, of fast` */
export function ruleWords({ check, on, aliases }: GuardRule): string {
  return `${checkTitles[check]} in ${sidesWords(on)}, ${aliases === null ? 'all calls' : `of ${aliasesWords(aliases)}`}`
}
