import { factsOf, type ServedModel } from '../api/models.ts'
import type { ContextOf } from './models-context.ts'

/**
 * An entry of Codex's model catalog (`model_catalog_url`, asked with `?client_version=`): the least that Codex 0.169
 * takes. It then asks with plain tools and without "model metadata not found". With an entry Codex takes its
 * base instructions from here, too: a model without them would not be told what it is there for.
 */
export function codexModel(model: ServedModel, contextOf: ContextOf): object {
  return {
    slug: model.id,
    display_name: model.id,
    description: `Served by ${model.owner}.`,
    ...reasoning(model),
    shell_type: 'unified_exec',
    visibility: 'list',
    supported_in_api: true,
    priority: 10,
    support_verbosity: false,
    apply_patch_tool_type: 'freeform',
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    experimental_supported_tools: [],
    input_modalities: ['text', 'image'],
    base_instructions: baseInstructions,
    context_window: contextOf(model) ?? assumedContext,
  }
}

/** Codex needs a number to know when to compact; every model that agents are run with has this much. */
const assumedContext = 128_000

function reasoning(model: ServedModel): object {
  const { thinking } = factsOf(model)
  const reasons = thinking === undefined ? reasonsByName.test(model.target?.model ?? model.id) : thinking !== 'none'
  if (!reasons) return { supported_reasoning_levels: [] }
  return {
    default_reasoning_level: 'medium',
    supported_reasoning_levels: [
      { effort: 'low', description: 'Fast, with little reasoning' },
      { effort: 'medium', description: 'For everyday tasks' },
      { effort: 'high', description: 'Thorough, for hard problems' },
    ],
  }
}

/** OpenAI's models that take `reasoning.effort`; the facts know those of other makers. */
const reasonsByName = /(?:^|\/)(?:gpt-(?:[5-9]|oss)|o[1-9])/

const baseInstructions = `You are a coding agent in the Codex CLI, working in the user's terminal on the user's machine. You read and change files and run commands with the tools you are given.

How to work
- Keep going until the task is done or you need something that only the user can tell. Do not stop at a plan when you can carry it out.
- Look before you change: read the code around a change, and search with \`rg\` where it is installed. Do not guess what a file holds or what a command prints.
- Find the cause of a problem and mend that. Keep changes small, in the style of the code that is there, and leave unrelated code alone.
- Edit files with the apply_patch tool where you have it. Never undo changes you did not make, and never run commands that destroy work, such as \`git reset --hard\`, unless the user asked for it. Make no commits unless asked.
- AGENTS.md files hold instructions for the folder they lie in and all below it; deeper ones win, and what the user says wins over both.
- Check your work: run the tests or the build where there are any, beginning with the ones nearest to your change. Say so if you could not.
- Commands may run in a sandbox or need the user's approval. If one is refused, say why you need it or find another way.

How to answer
- Be brief and plain. Before a longer piece of work say in one sentence what you are about to do.
- At the end say what you changed and where (\`path:line\`), what you checked, and what is left. Do not print whole files.
- If asked to review code, list the problems first, the gravest at the top, each with its place.
`
