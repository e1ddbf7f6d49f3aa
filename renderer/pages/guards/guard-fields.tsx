import { guardActions, guardChecks, type GuardOverview } from '../../../gateway/contract.ts'
import { Select } from '../../ui/select.tsx'
import { Checkbox } from '../../ui/switch.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { DetectorChoice } from './detector-choice.tsx'
import { withCheck, type GuardDraft, type GuardProblems } from './guard-draft.ts'
import { actionHelp, actionTitles, checkTitles } from './guard-words.ts'

export interface GuardFieldsProps {
  draft: GuardDraft
  onChange: (draft: GuardDraft) => void
  problems: GuardProblems
  detectors: GuardOverview['detectors']
}

const checkOptions = guardChecks.map((value) => ({ value, label: checkTitles[value] }))

export function GuardFields({ draft, onChange, problems, detectors }: GuardFieldsProps) {
  const actions = guardActions.map((value) => ({
    value,
    label: actionTitles[value],
    disabled: value === 'redact' && draft.check === 'prompt-injection',
  }))
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-4">
        <Select
          label="Looks for"
          options={checkOptions}
          value={draft.check}
          onChange={(check) => onChange(withCheck(draft, check))}
        />
        <Select
          label="What is done"
          options={actions}
          value={draft.action}
          onChange={(action) => onChange({ ...draft, action })}
          error={problems.action}
          help={actionHelp[draft.action]}
        />
      </div>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">Where</legend>
        <Checkbox
          label="Requests"
          help="All text in them: messages, system prompts, what tools gave back."
          checked={draft.onRequest}
          onChange={(onRequest) => onChange({ ...draft, onRequest })}
        />
        <Checkbox
          label="Answers"
          help="Streams too: a word may come a moment later, because the next piece could belong to it."
          checked={draft.onResponse}
          onChange={(onResponse) => onChange({ ...draft, onResponse })}
        />
        {problems.on !== undefined && <p className="text-small text-bad">{problems.on}</p>}
      </fieldset>
      <DetectorChoice
        all={detectors[draft.check] ?? []}
        chosen={draft.detectors}
        onChange={(chosen) => onChange({ ...draft, detectors: chosen })}
        error={problems.detectors}
      />
      <div className="grid grid-cols-2 items-start gap-4">
        <TextArea
          label="Aliases and models"
          isMono
          rows={3}
          placeholder="All calls"
          value={draft.aliases}
          onChange={(aliases) => onChange({ ...draft, aliases })}
          help="As clients write them, one per line; * stands for anything."
        />
        <TextArea
          label="Allowed texts"
          isMono
          rows={3}
          placeholder="support@example.com"
          value={draft.allow}
          onChange={(allow) => onChange({ ...draft, allow })}
          help="One per line; these are nothing to find."
        />
      </div>
    </>
  )
}
