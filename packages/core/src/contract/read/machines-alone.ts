import * as Context from "effect/Context"

/**
 * Whether a list is wanted without what its cloud says of its machines elsewhere: no request but the pages of the list.
 *
 * - For who lists again and again, as a watch. False by default.
 */
export const MachinesAlone = Context.Reference<boolean>("@anygpu/core/MachinesAlone", { defaultValue: () => false })
