import * as adapters from "./adapters.ts"
import { expectThat } from "./expect-that.ts"

/** Each adapter, imported by its own name, has a factory of that name; `adapters.ts` is written over the list of clouds. */
export const factories = (): void => {
  for (const [name, adapter] of Object.entries(adapters)) {
    const factory: unknown = Object.entries(adapter).find(([exported]) => exported === name)?.[1]
    expectThat(typeof factory === "function", `@anygpu/${name} exports ${name}`)
  }
}
