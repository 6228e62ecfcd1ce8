import { type ConformanceTest, conformanceTests } from "@anygpu/conformance"
import {
  attachMarker,
  type Cloud,
  defineProvider,
  type Lifecycle,
  Listing,
  noEndpoints,
  splitMarker
} from "@anygpu/core"
import {
  type Caller,
  endpoint,
  fetchTransport,
  makeCaller,
  type NativeClient,
  nativeClient
} from "@anygpu/core/adapter"
import { createGpu, money, type Offer, Unsupported } from "anygpu"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { z } from "zod"
import { expectThat } from "./expect-that.ts"

const Machine = z.object({ id: z.string(), name: z.string(), state: z.string() })
const source = "Acme API reference"
const endpoints = {
  list: endpoint({
    ...{ operation: "list", method: "GET", path: "/machines", repeat: "safe", source },
    answer: z.object({ rows: z.array(z.unknown()) })
  }),
  rent: endpoint({
    ...{ operation: "rent", method: "POST", path: "/machines", repeat: "refused-only", source },
    body: z.strictObject({ name: z.string() }),
    answer: Machine
  }),
  end: endpoint({
    ...{ operation: "end", method: "DELETE", path: "/machines/{id}", repeat: "safe", source },
    answer: z.unknown()
  })
} as const

const row = { actions: ["terminate"], note: "as it says", source } as const
const lifecycle: Lifecycle<{ readonly state: string }> = {
  domain: { state: ["up"] },
  rows: [{ ...row, when: { state: "up" }, status: "running", billing: "compute" }],
  fallback: { billing: "unknown", actions: ["terminate"] }
}
const nowhere = { country: null, region: null, native: null }
const unknownSize = { gpu: null, vcpus: null, memoryMiB: null, storageMiB: null, location: nowhere }
const offerAt = (observedAt: DateTime.Utc): Offer<"acme", "vm"> => ({
  ...{
    id: "only",
    provider: "acme",
    kind: "vm",
    pricePerHour: money(1),
    minimumBid: null,
    terms: null,
    diskMiB: null,
    ...unknownSize
  },
  ...{ availability: "available", interruptible: false, reliability: null, observedAt, native: null }
})

const vms = ({ call, rows }: Caller) => {
  const readAll = Effect.gen(function* () {
    const answer = yield* call(endpoints.list)
    const found = yield* rows(Machine, answer.rows, { part: "rows", operation: "list" })
    const observedAt = yield* DateTime.now
    return new Listing({ items: found.rows, complete: true, observedAt, problems: found.problems })
  })
  return defineProvider({
    provider: "acme",
    kind: "vm",
    launchOptions: [],
    requiredOptions: [],
    lifecycle,
    timing: {
      ...{ pollEvery: "1 second", bootWithin: "1 minute", createWithin: "1 minute" },
      ...{ appearWithin: "1 second", terminateWithin: "1 minute" }
    },
    offers: () =>
      Effect.map(DateTime.now, (observedAt) => {
        return new Listing({ items: [offerAt(observedAt)], complete: true, observedAt, problems: [] })
      }),
    prepare: ({ name }) => Effect.succeed(name),
    create: (name, { marker }) =>
      Effect.map(call(endpoints.rent, { body: { name: attachMarker(name, marker, 60) } }), ({ id }) => id),
    find: (marker) =>
      Effect.map(readAll, (all) => all.with(all.items.filter(({ name }) => splitMarker(name).marker === marker))),
    read: (id) => Effect.map(readAll, ({ items }) => items.find((machine) => machine.id === id) ?? null),
    readAll: () => readAll,
    describe: ({ id, name }) => ({
      ...{ id, ...splitMarker(name), ...unknownSize, pricePerHour: null, interruptible: false },
      ...{ endpoints: noEndpoints, createdAt: null, endsAt: null, native: {} }
    }),
    facts: ({ state }) => ({ state }),
    destroy: (id) => Effect.asVoid(call(endpoints.end, { params: { id } })),
    operations: {}
  })
}

type Acme = Cloud<"acme", { readonly vms: ReturnType<typeof vms> }, NativeClient<typeof endpoints>>

const acme = (fetch: (request: Request) => Promise<Response>): Acme => {
  const caller = makeCaller({
    ...{
      provider: "acme",
      baseUrl: "https://api.acme.example",
      headers: () => ({}),
      secrets: [],
      classify: () => null
    },
    transport: fetchTransport((input, init) => fetch(new Request(input, init)))
  })
  return { name: "acme", kinds: { vms: vms(caller) }, native: nativeClient(endpoints, caller) }
}

/** The whole of a cloud of our own, behind `fetch`. */
const server = () => {
  const machines = new Map<string, z.infer<typeof Machine>>()
  return async (request: Request): Promise<Response> => {
    if (request.method === "GET") return Response.json({ rows: [...machines.values()] })
    if (request.method === "POST") {
      const { name } = z.object({ name: z.string() }).parse(await request.json())
      const machine = { id: String(machines.size + 1), name, state: "up" }
      machines.set(machine.id, machine)
      return Response.json(machine)
    }
    machines.delete(new URL(request.url).pathname.split("/").at(-1) ?? "")
    return Response.json({})
  }
}

/** Rents on a cloud of our own through the common client, and finds the tests that its adapter has to pass. */
export const ownCloud = async (): Promise<void> => {
  const cloud = acme(server())
  const gpu = createGpu({ clouds: [cloud] })
  const [offer] = await gpu.offers({ kind: "vm" })
  if (!offer) throw new Error("no offer")
  const { ref } = await gpu.rent({ offer, name: "trial" })
  expectThat((await gpu.get(ref)).status === "running", "a cloud of one's own rents")
  const refused: unknown = await gpu.act(ref, "stop").catch((error: unknown) => error)
  expectThat(refused instanceof Unsupported, "what it lacks is refused")
  await gpu.terminate(ref)
  expectThat((await gpu.list()).items.length === 0, "a cloud of one's own ends")

  const tests: ReadonlyArray<ConformanceTest> = conformanceTests(cloud.kinds.vms)
  expectThat(tests.length > 20, "conformance has tests for it")
}
