import { useEffect, useState } from "preact/hooks"

/** A value that parts of the page look at. */
export interface Store<Value> {
  get(): Value
  set(value: Value): void
  subscribe(look: () => void): () => void
}

/** A store with a first value. */
export const makeStore = <Value>(first: Value): Store<Value> => {
  let current = first
  const looks = new Set<() => void>()
  return {
    get: () => current,
    set: (value) => {
      if (value === current) return
      current = value
      for (const look of [...looks]) look()
    },
    subscribe: (look) => {
      looks.add(look)
      return () => {
        looks.delete(look)
      }
    }
  }
}

/** The value of a store; what calls this is drawn again when it changes. */
export const useStore = <Value>(store: Store<Value>): Value => {
  const [value, setValue] = useState(store.get())
  useEffect(() => {
    const look = () => setValue(() => store.get())
    look()
    return store.subscribe(look)
  }, [store])
  return value
}
