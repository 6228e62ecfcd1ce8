import type { Volume } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { VolumesJson } from "./protocol/answers/volumes.ts"
import { type Gathered, gatheredJson, moneyOrNull } from "./protocol/model.ts"

/** The disks of the accounts. */
export interface Volumes extends Gathered {
  readonly volumes: ReadonlyArray<Volume>
  /** Clouds that list none. */
  readonly lacking: ReadonlyArray<string>
}

/** Asks all clouds for their volumes. */
export const run = async (context: OperationContext): Promise<Volumes> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, ...found } = await out.during("asking for volumes", () => gpu.accounts("volumes", { signal }))
  return { ...found, volumes: answers.flatMap(({ answer }) => [...answer.items]) }
}

/** The volumes in JSON. */
export const encode = ({ volumes, lacking, ...found }: Volumes): VolumesJson => ({
  volumes: volumes.map(({ provider, id, name, sizeMiB, type, location, pricePerHour, attachedTo }) => ({
    ...{ provider, id, name, sizeMiB, type, location, pricePerHour: moneyOrNull(pricePerHour) },
    attachedTo: attachedTo && [...attachedTo]
  })),
  lacking: [...lacking],
  ...gatheredJson(found)
})
