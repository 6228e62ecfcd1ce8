import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import { plainName } from "../../model/marker.ts"

/** Whether a cloud's name is what it kept of a whole one: cut at its end, or brought into the letters that it takes. */
const isKeptOf = (kept: string, whole: string): boolean =>
  kept !== "" && (whole.startsWith(kept) || plainName(whole).startsWith(plainName(kept)))

/**
 * A machine under the whole name that its user gave it, where the cloud keeps less of that.
 *
 * - A name that is not made of the one in the ledger was given in the cloud's console: it stands as it is.
 */
export const underFullName = <I extends Instance>(
  instance: I,
  known: Pick<MachineRecord, "name"> | null | undefined
): I => {
  const { name, marker } = instance
  const whole = known?.name
  return marker !== null && name !== null && whole !== undefined && whole !== name && isKeptOf(name, whole)
    ? { ...instance, name: whole, keptName: name }
    : instance
}
