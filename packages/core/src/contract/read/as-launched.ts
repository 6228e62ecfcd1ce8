import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import { plainName } from "../../model/marker.ts"

/** Whether a cloud's name is what it kept of a whole one: cut at its end, or brought into the letters that it takes. */
const isKeptOf = (kept: string, whole: string): boolean =>
  kept !== "" && (whole.startsWith(kept) || plainName(whole).startsWith(plainName(kept)))

/** What no cloud keeps of a machine: what its launch was for, and whose it is. */
export const whoseOf = ({
  tags,
  ownedBy
}: Pick<MachineRecord, "tags" | "ownedBy">): Pick<Instance, "tags" | "owner"> => ({
  ...(tags !== undefined && { tags }),
  ...(ownedBy !== undefined && { owner: ownedBy })
})

/**
 * A machine with what its launch said and no cloud keeps: its tags and owner, and its whole name, where the cloud keeps less
 * of that.
 *
 * - A name that is not made of the one in the ledger was given in the cloud's console: it stands as it is.
 */
export const asLaunched = <I extends Instance>(
  given: I,
  known: Pick<MachineRecord, "name" | "tags" | "ownedBy"> | null | undefined
): I => {
  const instance = known ? { ...given, ...whoseOf(known) } : given
  const { name, marker } = instance
  const whole = known?.name
  return marker !== null && name !== null && whole !== undefined && whole !== name && isKeptOf(name, whole)
    ? { ...instance, name: whole, keptName: name }
    : instance
}
