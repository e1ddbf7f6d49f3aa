import { useEffect, useState } from 'react'

/** The value, once it has stayed as it is for a while: questions are not asked with every keystroke. Compared as JSON. */
export function useSettled<Value>(value: Value, afterMs = 250): Value {
  const [settled, setSettled] = useState(value)
  const signature = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(signature) as Value), afterMs)
    return () => clearTimeout(timer)
  }, [signature, afterMs])
  return settled
}
