import type { VerdaFacts } from "./lifecycle.ts"
import type { Instance, Volume } from "./wire.ts"

/** A machine as Verda shows it, with what it shows of it elsewhere. */
export interface Machine extends Instance {
  /** Its disks; undefined where they were not read. */
  readonly disks?: ReadonlyArray<Volume>
  /** The currency of the project, in which its price is; undefined where it was not read. */
  readonly currency?: string
  /** What the journal says of its end. */
  readonly ended?: VerdaFacts["ended"]
}

/** Whether a volume is a disk of a machine: one of those that its row names, or one that names it. */
export const isDiskOf = (
  { id, os_volume_id, volume_ids }: Pick<Instance, "id" | "os_volume_id" | "volume_ids">,
  volume: Volume
): boolean =>
  volume.status?.toLowerCase() !== "deleted" &&
  (volume.id === os_volume_id ||
    (volume_ids ?? []).includes(volume.id) ||
    volume.instance_id === id ||
    (volume.instances ?? []).some((instance) => instance.id === id))
