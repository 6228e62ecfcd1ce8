import {
  auditShape,
  balanceShape,
  compareShape,
  costsShape,
  doctorShape,
  errorShape,
  imagesShape,
  keysShape,
  launchShape,
  listShape,
  logLineShape,
  machineShape,
  offersShape,
  shownShape,
  sshShape,
  sweepShape,
  terminateShape,
  watchShape
} from "@anygpu/operations/protocol"
import { z } from "zod"
import { simShape } from "./sim.ts"

/** What each command prints with `--json`; a stream prints one of these a line. */
export const answers: Readonly<Record<string, z.ZodType>> = {
  offers: offersShape,
  compare: compareShape,
  images: imagesShape,
  cost: costsShape,
  list: listShape,
  show: shownShape,
  launch: launchShape,
  terminate: terminateShape,
  start: machineShape,
  stop: machineShape,
  restart: machineShape,
  rename: machineShape,
  update: machineShape,
  watch: watchShape,
  ssh: sshShape,
  logs: logLineShape,
  events: logLineShape,
  audit: auditShape,
  sweep: sweepShape,
  balance: balanceShape,
  keys: keysShape,
  doctor: doctorShape,
  sim: simShape,
  completion: z.object({ shell: z.string(), script: z.string() })
}

/** What stands on standard error when a command fails. */
const failure = z.object({ error: errorShape })

/** The same as JSON Schemas by command, with `failure` for what stands on standard error. */
export const jsonSchemas = (): Readonly<Record<string, z.core.JSONSchema.JSONSchema>> =>
  Object.fromEntries(Object.entries({ ...answers, failure }).map(([name, shape]) => [name, z.toJSONSchema(shape)]))
