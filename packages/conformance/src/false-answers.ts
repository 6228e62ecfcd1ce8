/** An answer as it comes over the wire. */
export interface FalseAnswer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

/** What comes in place of an answer, made of the text of the true one. */
export type Falsify = (truth: string) => FalseAnswer

const json = (text: string, status = 200): FalseAnswer => ({
  status,
  text,
  headers: { "content-type": "application/json" }
})

/** The same JSON without a single row. */
const emptied = (value: unknown): unknown => {
  if (Array.isArray(value)) return []
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, emptied(field)]))
}

/** The answer emptied, with an error in it: clouds say 200 and mean something else. */
const withError = (truth: string, error: object): FalseAnswer => {
  const empty: unknown = emptied(JSON.parse(truth))
  return json(JSON.stringify({ ...(Array.isArray(empty) ? {} : Object(empty)), ...error }))
}

/**
 * What no cloud documents as an answer to a read, and clouds, gateways and networks answer all the same. None of them
 * says that there is nothing.
 */
export const falseAnswers: Readonly<Record<string, Falsify>> = {
  "no content": () => ({ status: 204, text: "", headers: {} }),
  "an empty text": () => json(""),
  null: () => json("null"),
  "an empty object": () => json("{}"),
  "a number": () => json("0"),
  "an error alone": () => json('{"error":"upstream connect error"}'),
  "an error beside an empty answer": (truth) => withError(truth, { error: "the backend is not available" }),
  "errors beside an empty answer": (truth) => withError(truth, { errors: [{ message: "timeout" }] }),
  "a part of an answer that nobody asked for parts of": (truth) =>
    json(JSON.stringify(emptied(JSON.parse(truth))), 206),
  "a failed success": (truth) => withError(truth, { success: false, msg: "try again" }),
  "a gateway's words": () => json('{"message":"no Route matched with those values"}'),
  "the page of a network that wants a login": () => ({
    status: 200,
    text: "<!doctype html><html><title>Welcome</title></html>",
    headers: { "content-type": "text/html" }
  }),
  "a page that is said to be JSON": () => json("<html><body>502 Bad Gateway</body></html>"),
  "a way to a login": () => ({ status: 302, text: "", headers: { location: "https://login.test/?next=/" } })
}
