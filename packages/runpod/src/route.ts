import { endpointsOf } from "@anygpu/core/adapter"
import * as z from "zod"
import * as wire from "./wire.ts"

/** A route of the REST API v2. */
export const endpoint = endpointsOf({ source: "Runpod API reference v2, OpenAPI" })

/** A page of a list. Source: as above, listPods. */
export const PageQuery = z.strictObject({ cursor: z.string().optional(), limit: z.int().min(1).max(1000).optional() })

/** Shows something as it comes. */
export const reads = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "GET", path, answer: wire.Shown, repeat: "safe" }) as const
/** Ends something: a second time it is a 404. */
export const deletes = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "DELETE", path, answer: wire.Nothing, repeat: "safe" }) as const

/** A create: no document names an idempotency key, so that it is never sent again once it may have taken place. */
export const creates = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => ({ operation, method: "POST", path, body, answer: wire.Resource, repeat: "refused-only", sensitive }) as const

/** A change: whether a second one does the same is not documented, and the vendor's own client never repeats it. */
export const changes = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => ({ operation, method: "PATCH", path, body, answer: wire.Shown, repeat: "refused-only", sensitive }) as const
