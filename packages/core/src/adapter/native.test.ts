import * as Effect from "effect/Effect"
import { expect, expectTypeOf, test } from "vitest"
import * as z from "zod"
import type { GpuError } from "../errors.ts"
import { makeCaller } from "./caller.ts"
import { endpoint, type PathParams } from "./endpoint.ts"
import { nativeClient } from "./native.ts"

const endpoints = {
  list: endpoint({
    operation: "list",
    method: "GET",
    path: "/instances/",
    query: z.strictObject({ limit: z.number().optional() }),
    answer: z.object({ ids: z.array(z.number()) }),
    repeat: "safe",
    source: "test"
  }),
  rename: endpoint({
    operation: "rename",
    method: "PUT",
    path: "/instances/{id}/",
    body: z.strictObject({ label: z.string() }),
    answer: z.object({ success: z.boolean().nullish() }),
    repeat: "safe",
    source: "test"
  })
}

const sent: Array<string> = []
const native = nativeClient(
  endpoints,
  makeCaller({
    provider: "test",
    baseUrl: "https://cloud.test",
    headers: () => ({}),
    secrets: [],
    classify: () => null,
    transport: ({ method, url, body }) => {
      sent.push(`${method} ${url} ${body ?? ""}`)
      return Effect.succeed({ status: 200, headers: {}, text: '{"ids":[1],"success":true}' })
    }
  })
)

test("each method takes what its endpoint takes and answers what it answers", async () => {
  expectTypeOf<PathParams<"/a/{id}/b/{key}/">>().toEqualTypeOf<{
    readonly id: string | number
    readonly key: string | number
  }>()
  expectTypeOf(native.list()).toEqualTypeOf<Effect.Effect<{ ids: Array<number> }, GpuError>>()
  expectTypeOf(native.list).parameter(0).not.toHaveProperty("params")
  // @ts-expect-error params and body are needed
  void (() => native.rename())
  // @ts-expect-error the path has no such parameter
  void (() => native.rename({ params: { name: "x" }, body: { label: "y" } }))
  // @ts-expect-error the route takes no body
  void (() => native.list({ body: {} }))

  expect(await Effect.runPromise(native.list({ query: { limit: 2 } }))).toEqual({ ids: [1] })
  const renamed = await Effect.runPromise(native.rename({ params: { id: 7 }, body: { label: "y" }, kind: "vm" }))
  expect(renamed).toEqual({ success: true })
  expect(sent).toEqual([
    "GET https://cloud.test/instances/?limit=2 ",
    'PUT https://cloud.test/instances/7/ {"label":"y"}'
  ])
})
