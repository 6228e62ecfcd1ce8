import type { AboutJson } from "../../src/protocol/index.ts"
import { send } from "./call.ts"
import { makeStore, useStore } from "./store.ts"

/** What the server is and allows; null until it has answered. */
export const about = makeStore<AboutJson | null>(null)

/** Asks the server what it is. Throws `Failure`. */
export const askAbout = async (): Promise<void> => {
  const response = await send("about", {})
  about.set((await response.json()) as AboutJson)
}

/** What may be done here, by the names of operations: nothing before the server has answered. */
export const useAllowed = (): ((operation: string) => boolean) => {
  const known = useStore(about)
  return (name) => known?.operations.some((one) => one.name === name && one.allowed) ?? false
}

/** The names of all clouds in their order, which gives each its colour. */
export const useClouds = (): ReadonlyArray<string> => {
  const known = useStore(about)
  return [...new Set(known?.clouds.map(({ name }) => name))].sort()
}
