import { deepStrictEqual } from "node:assert/strict"
import type { Route, Sent } from "../../packages/conformance/src/index.ts"
import type { Facts, Lifecycle } from "../../packages/core/src/index.ts"
import { judge } from "../../packages/core/src/index.ts"
import type { Call, World } from "./worlds.ts"

/** What shows that a statement holds: the document's own payload read, a request compared, an answer, a status table. */
export type Means =
  | "example read"
  | "request compared"
  | "answer given"
  | "status table"
  | "simulated cloud"
  | "declared"
  | "not checked"

/** Where a statement stands in the code, and what holds it there. */
export interface Check {
  readonly where: string
  readonly by: Means
  /** Throws when the code does not do it. */
  readonly run: () => void | Promise<void>
}

/** One thing that a document states; the number is of the decision page by which it stays different on purpose. */
export type Row = readonly [states: string, check: Check, decision?: string]

/** What stands at a path such as `endpoints.ssh.0.port`. */
const at = (value: unknown, path: string): unknown =>
  path === ""
    ? value
    : path
        .split(".")
        .reduce<unknown>(
          (inner, step) => (inner as Readonly<Record<string, unknown>> | null | undefined)?.[step],
          value
        )

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

/** A field of a document's example is read to this, by the adapter itself. */
export const reads = (read: () => Promise<unknown>, path: string, value: unknown, where = path): Check => ({
  where: `\`${where}\``,
  by: "example read",
  run: async () => deepStrictEqual(plain(at(await read(), path)), value, path)
})

/** A call sends this request. What it answers does not matter, unless the call needs it to go on. */
export const sends = <W extends World>(
  where: string,
  open: (routes?: Readonly<Record<string, Route>>) => W,
  call: (world: W) => Call,
  route: string,
  expected: {
    readonly json?: unknown
    readonly query?: string
    readonly header?: readonly [string, string | RegExp]
  } = {},
  routes: Readonly<Record<string, Route>> = {}
): Check => ({
  where: `\`${where}\``,
  by: "request compared",
  run: async () => {
    const world = open(routes)
    await world.run(call(world)).catch(() => undefined)
    const request: Sent | undefined = world.to(route)[0]
    if (request === undefined)
      throw new Error(`${where} sent ${world.routes().join(", ") || "nothing"}, and not ${route}`)
    if ("json" in expected) deepStrictEqual(plain(request.json), expected.json)
    if (expected.query !== undefined) deepStrictEqual(new URL(request.url).search, expected.query)
    if (expected.header) {
      const [name, value] = expected.header
      const given = request.headers[name] ?? ""
      if (value instanceof RegExp ? !value.test(given) : given !== value) throw new Error(`${name} is "${given}"`)
    }
  }
})

/** A call answers this, or part of it. */
export const answers = (
  where: string,
  run: () => Promise<unknown>,
  expected: unknown,
  by: Means = "answer given"
): Check => ({ where: `\`${where}\``, by, run: async () => deepStrictEqual(plain(await run()), expected) })

/** Facts of a cloud are judged so by its status table. */
export const means = <F extends Facts>(
  lifecycle: Lifecycle<F>,
  facts: F,
  verdict: Readonly<Record<string, unknown>>
): Check => ({
  where: `status \`${String(verdict.status)}\`${verdict.reason ? ` (\`${String(verdict.reason)}\`)` : ""}`,
  by: "status table",
  run: () => {
    const judged = judge(lifecycle, facts) as unknown as Readonly<Record<string, unknown>>
    deepStrictEqual(Object.fromEntries(Object.keys(verdict).map((name) => [name, judged[name]])), verdict)
  }
})

/** Something that a provider declares of itself. */
export const declares = (where: string, value: () => unknown, expected: unknown): Check => ({
  where: `\`${where}\``,
  by: "declared",
  run: () => deepStrictEqual(plain(value()), expected)
})

/** A statement to people, of which no code can do anything: it is marked. */
export const forPeople = (why: string): Check => ({ where: why, by: "not checked", run: () => {} })

/** Remembers what was made first. */
export const once = <A>(make: () => Promise<A>): (() => Promise<A>) => {
  let made: Promise<A> | undefined
  return () => {
    made ??= make()
    return made
  }
}
