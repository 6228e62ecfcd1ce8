import type { Reply } from "../kit/http.ts"

/** A refusal in the one form that users of the API have shown. */
export const refusal = (status: number, error: string, code?: string): Reply => ({
  status,
  json: { ...(code !== undefined && { error_code: code }), error }
})

/** Source: Shadeform docs, authentication. */
export const unauthorized: Reply = { status: 401, json: { message: "Invalid API key" } }

/** Updates, restarts and deletes answer with nothing. */
export const done: Reply = { status: 200 }

/** As seen live. */
export const outOfStock = (type: string, region: string): Reply =>
  refusal(409, `The instance type [${type}] is not available in the region [${region}]`, "OUT_OF_STOCK")

/** As seen live. */
export const tooPoor = (balance: number): Reply =>
  refusal(
    409,
    `Balance must be a minimum of $5 to launch an instance. Current balance [$${balance}].`,
    "INSUFFICIENT_FUNDS"
  )

/** How something that is not there is answered is not documented: three ways to say so, and the first unless told. */
export const missingAs = {
  error: refusal(404, "instance not found"),
  message: { status: 404, json: { message: "Not found" } },
  coded: refusal(404, "the resource does not exist", "NOT_FOUND")
} as const satisfies Readonly<Record<string, Reply>>
