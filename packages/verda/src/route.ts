import { endpointsOf } from "@anygpu/core/adapter"
import * as z from "zod"
import * as wire from "./wire.ts"

/*
 * Limits by the documents: 500 requests a minute of a project in all, 60 of one method and one path, ids and all. Paths with
 * ids have no limit of their own here: which of them one project asks is not known before. A 429 says when to come back.
 */

/** A route of the API v1. */
export const endpoint = endpointsOf({ source: "Verda API v1, OpenAPI" })

/** So many requests of one method and path. Source: Verda API v1, change log of 2026-03-11. */
export const limit = { calls: 60, perSeconds: 60 } as const
/** The same of the lists of instances and of volumes. */
export const listLimit = { calls: 120, perSeconds: 60 } as const

/** Prices are asked for in dollars. */
export const CurrencyQuery = z.strictObject({ currency: z.enum(["usd", "eur"]).optional() })
/** A page of a list: 10 rows unless said otherwise. */
export const page = { page: z.int().min(1).optional(), pageSize: z.int().min(1).max(100).optional() }
/** Events of the journal. */
export const JournalQuery = z.strictObject({
  ...page,
  ...{ compute_id: z.string().optional(), volume_id: z.string().optional(), hydrate: z.boolean().optional() },
  ...{ action_code: z.string().optional(), object_type: z.enum(["compute", "volume"]).optional() }
})

/** A list that is shown as a whole. */
export const lists = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "GET", path, answer: wire.Rows, repeat: "safe" }) as const
/** One of something, as it comes. */
export const shows = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "GET", path, answer: wire.One, repeat: "safe" }) as const
/** Ends something: a second time nothing is left to do. */
export const deletes = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "DELETE", path, answer: wire.Nothing, repeat: "safe" }) as const
/** Makes something, and answers its id: no document names an idempotency key, so that it is never sent again unproven. */
export const creates = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>
) =>
  ({
    operation,
    method: "POST",
    path,
    body,
    answer: wire.NewId,
    bareText: true,
    repeat: "refused-only",
    limit
  }) as const
