import { lenient } from "@anygpu/core/adapter"
import * as z from "zod"

/*
 * What goes over the wire, as the cloud documents it. Requests are strict. Of answers only the fields that are used are
 * read: each may be missing or null, and enums are read as text, so that a new word breaks no list.
 */

/** What can be rented. */
export const Offer = z.object({
  id: z.string()
})
export type Offer = z.infer<typeof Offer>

/** A machine. */
export const Machine = z.object({
  id: z.string()
})
export type Machine = z.infer<typeof Machine>

/** One machine by itself. What of it cannot be read is null, as in a list. */
export const OneMachine = lenient(Machine)

/** What rents a machine. */
export const RentBody = z.strictObject({})
export type RentBody = z.infer<typeof RentBody>

/** What renting answers. */
export const Rented = z.object({ id: z.string() })

/** A list. Its rows are decoded one by one later: one bad row costs only itself. */
export const Rows = z.object({ rows: z.array(z.unknown()) })

/** An answer that nobody reads. */
export const Nothing = z.unknown()
