import { endpointsOf, type Limit } from "@anygpu/core/adapter"
import type * as z from "zod"
import * as wire from "./wire.ts"

/** Every call counts, whichever route it takes. Whom Lambda counts, a key or an account, is not documented. */
export const perAccount: Limit = { calls: 1, perSeconds: 1, shared: "account" }

/** A route of the Cloud API. Source of its limit: as below, "Rate limiting". */
export const endpoint = endpointsOf({ source: "Lambda Cloud API 1.10.0, OpenAPI", limit: perAccount })

/** Shows something as it comes. */
export const reads = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "GET", path, answer: wire.Shown, repeat: "safe" }) as const

/** Ends something: a second time it is a 404. */
export const deletes = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "DELETE", path, answer: wire.Nothing, repeat: "safe" }) as const

/** A create or a change: no route takes an idempotency key, so that none is sent again once it may have taken place. */
export const writes = <const Method extends "POST" | "PUT" | "PATCH", const Path extends `/${string}`, Body>(
  operation: string,
  method: Method,
  path: Path,
  body: z.ZodType<unknown, Body>
) => ({ operation, method, path, body, answer: wire.Shown, repeat: "refused-only" }) as const
