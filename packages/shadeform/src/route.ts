import { endpointsOf } from "@anygpu/core/adapter"
import type * as z from "zod"
import * as wire from "./wire.ts"

/** A route of the API. How often it may be asked is in no document: no route has a limit here, and a 429 is heeded. */
export const endpoint = endpointsOf({ source: "Shadeform API reference, openapi.yaml" })

/** Shows something as it comes. */
export const reads = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "GET", path, answer: wire.Shown, repeat: "safe" }) as const

/** Makes something: there is no idempotency key, so that it is never sent again once it may have taken place. */
export const creates = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => ({ operation, method: "POST", path, body, answer: wire.Made, repeat: "refused-only", sensitive }) as const

/** Sets a state: a second time it is the same. */
export const sets = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "POST", path, answer: wire.Nothing, repeat: "safe" }) as const

/** Fields of a machine or a template that may hold secrets. */
export const secretFields: ReadonlyArray<string> = [
  "envs.value",
  "launch_configuration.docker_configuration.envs.value",
  "launch_configuration.docker_configuration.args",
  "launch_configuration.docker_configuration.registry_credentials",
  "launch_configuration.script_configuration.base64_script"
]
