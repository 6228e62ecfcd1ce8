import type { Recoveries } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { RecoveredJson } from "./protocol/answers/recovered.ts"
import { errorJson } from "./protocol/errors.ts"
import { launchJson } from "./protocol/launches.ts"
import { type Gathered, gatheredJson, machineJson } from "./protocol/model.ts"

/** What settling came to. */
export interface Recovered extends Recoveries, Gathered {}

/** Settles launches whose outcome is not known. */
export const run = async ({ gpu, now, out, signal }: OperationContext): Promise<Recovered> => {
  const client = await gpu()
  const recovered = await out.during("looking for launches", () => client.recover({ signal }))
  return { ...recovered, observedAt: { epochMilliseconds: now() } }
}

/** What it came to in JSON. */
export const encode = (
  { adopted, absent, unsettled, late, ...gathered }: Recovered,
  interrupted: boolean
): RecoveredJson => ({
  adopted: adopted.map(machineJson),
  absent: absent.map(launchJson),
  unsettled: unsettled.map(launchJson),
  late: late.map(({ ref, error }) => ({ ref: String(ref), error: error ? errorJson(error, interrupted) : null })),
  ...gatheredJson(gathered)
})
