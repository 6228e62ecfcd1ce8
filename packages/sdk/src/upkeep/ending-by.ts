import * as Context from "effect/Context"

/** The name under which a process claims ends in the ledger, for people; null: one is made up for each. */
export const EndingBy = Context.Reference<string | null>("anygpu/EndingBy", { defaultValue: () => null })
