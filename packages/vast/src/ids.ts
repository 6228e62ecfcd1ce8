import * as z from "zod"

/** An id as a number. One beyond 2^53 is not the one that was sent: nothing may be done by it. */
export const Id = z.int().positive()

/** An id as a text, and nothing that Vast would read as another one. */
const idText = /^[1-9]\d{0,19}$/

/** Whether a text can be an id of Vast. */
export const isId = (id: string): boolean => idText.test(id)

/** The id of a machine: a number, in one answer a text of digits. */
export const ContractId = z.union([Id, z.string().regex(idText)])
