import { useState } from 'react'

/**
 * What is being typed into a field that saves by itself. `save` returns what is wrong with it: then the text stays, to be
 * corrected rather than typed again. Escape takes the typing back.
 */
export function useCheckedDraft(value: string, save: (text: string) => string | undefined) {
  const [typed, setTyped] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const forget = () => {
    setTyped(undefined)
    setProblem(undefined)
  }
  const commit = () => {
    if (typed === undefined) return
    const found = typed === value ? undefined : save(typed)
    if (found === undefined) forget()
    else setProblem(found)
  }
  return {
    forget,
    commit,
    field: {
      value: typed ?? value,
      error: problem,
      onChange: (text: string) => {
        setTyped(text)
        setProblem(undefined)
      },
      onBlur: commit,
      onKeyDown: (event: { key: string; stopPropagation(): void }) => {
        if (event.key !== 'Escape' || typed === undefined) return
        event.stopPropagation()
        forget()
      },
    },
  }
}

/** Enter saves where it does not begin another line. */
export function withEnter({ commit, field }: ReturnType<typeof useCheckedDraft>) {
  return {
    ...field,
    onKeyDown: (event: { key: string; preventDefault(): void; stopPropagation(): void }) => {
      if (event.key === 'Enter') {
        // Else the same key press would also press the first button of a question that opens now.
        event.preventDefault()
        commit()
      }
      field.onKeyDown(event)
    },
  }
}
