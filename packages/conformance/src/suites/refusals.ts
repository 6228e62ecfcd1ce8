import { type AnyProvider, type LaunchOption, type LaunchSpec, launchOptions, money } from "@anygpu/core"
import { exist, refusedUnchanged, refusedUnsent } from "../asserts.ts"
import { check, same, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { privateKey } from "../refs.ts"

const test = suite("refusals", { anyHabit: true })

const samples: Required<Pick<LaunchSpec, LaunchOption>> = {
  image: "ubuntu:24.04",
  os: "ubuntu-24.04",
  sshKeys: [],
  env: { NAME: "value" },
  ports: [{ port: 8080 }],
  command: ["sleep", "60"],
  onStart: "echo up",
  endsItself: true,
  diskMiB: 20_480,
  volumes: [{ name: "data", sizeMiB: 10_240 }],
  attach: [{ provider: "somewhere", id: "volume-1", region: null }],
  registry: { host: "registry.example.com", username: "me", password: "registry-password" },
  bid: money("0.5"),
  location: "somewhere",
  description: "a test"
}

const wrong: ReadonlyArray<readonly [option: LaunchOption | null, path: string, more: Partial<LaunchSpec>]> = [
  [null, "name", { name: "" }],
  [null, "name", { name: "--" }],
  [null, "name", { name: "line\nbreak" }],
  [null, "key", { key: "" }],
  [null, "maxPerHour", { maxPerHour: { micros: Number.NaN, currency: "USD" } }],
  ["ports", "ports", { ports: [{ port: 0 }] }],
  ["ports", "ports", { ports: [{ port: 70_000 }] }],
  ["ports", "ports", { ports: [{ port: 80.5 }] }],
  ["env", "env", { env: { "1 BAD NAME": "value" } }],
  ["env", "env", { env: { "BAD=NAME": "value" } }],
  ["sshKeys", "sshKeys", { sshKeys: ["not a key"] }],
  ["sshKeys", "sshKeys", { sshKeys: [privateKey] }],
  ["env", "env.NAME", { env: { NAME: "a\0b" } }],
  ["command", "command", { command: ["echo", "a\0b"] }],
  ["onStart", "onStart", { onStart: "echo a\0b" }],
  ["image", "image", { image: " " }],
  ["image", "image", { image: "ubuntu:22.04\0" }],
  ["image", "image", { image: "ubuntu 22.04" }],
  ["image", "image", { image: "ubuntu:\u202E22.04" }],
  ["os", "os", { os: "" }],
  ["attach", "attach[0]", { attach: [{ provider: "another cloud", id: "volume-1", region: null }] }],
  ["attach", "attach[0].id", { attach: [{ provider: "another cloud", id: " ", region: null }] }],
  ["attach", "attach[0].path", { attach: [{ provider: "another cloud", id: "volume-1", region: null, path: "data" }] }],
  ["endsItself", "endsItself", { endsItself: true }],
  ["endsItself", "endsItself", { endsItself: false as true, ttl: "1 hour" }],
  ["diskMiB", "diskMiB", { diskMiB: -1 }],
  ["diskMiB", "diskMiB", { diskMiB: Number.NaN }],
  ["bid", "bid", { bid: { micros: 0, currency: "USD" } }]
]

/** What a launch refuses, and that it refuses before anything is spent. */
export const refusalSuite = (provider: AnyProvider): ReadonlyArray<Entry> => [
  ...launchOptions
    .filter((option) => !provider.launchOptions.has(option))
    .map((option) =>
      test(`the option ${option}, which it lacks, is Unsupported and sends nothing`, async (context) => {
        const spec = { ...(await context.spec()), [option]: samples[option] }
        const error = await refusedUnsent(context, context.provider.launch(spec), "Unsupported")
        same(error.feature, option, "the feature that the error names")
        exist(context, 0, "after a refused launch")
      })
    ),
  test("an option that nobody knows is InvalidRequest and sends nothing", async (context) => {
    const spec = { ...(await context.spec()), gpuBoost: true }
    const { message } = await refusedUnsent(context, context.provider.launch(spec), "InvalidRequest")
    check(message.includes("gpuBoost"), `the error does not name the option: ${message}`)
  }),
  test("wrong values are InvalidRequest, named, and change nothing", async (context) => {
    for (const [option, path, more] of wrong) {
      if (option !== null && !context.provider.launchOptions.has(option)) continue
      const spec = { ...(await context.spec()), ...more }
      const { issues } = await refusedUnchanged(context, context.provider.launch(spec), "InvalidRequest")
      const named = issues.some((issue) => issue.path.startsWith(path))
      check(named, `the error about ${show(more)} does not name ${path}: ${show(issues)}`)
    }
    exist(context, 0, "after refused launches")
  }),
  test("an offer of another provider is InvalidRequest and sends nothing", async (context) => {
    const spec = await context.spec()
    const foreign = { ...spec, offer: { ...spec.offer, provider: "elsewhere" } }
    await refusedUnsent(context, context.provider.launch(foreign), "InvalidRequest")
  }),
  test("an unknown price is refused unless it is allowed", async (context) => {
    const { bid: _, ...spec } = await context.spec()
    for (const pricePerHour of [null, { micros: 0, currency: "USD" as const }]) {
      const unpriced = { ...spec, offer: { ...spec.offer, pricePerHour, terms: null } }
      const { message } = await refusedUnsent(context, context.provider.launch(unpriced), "InvalidRequest")
      check(message.includes("price"), `the error does not name the price: ${message}`)
    }
    exist(context, 0, "after refused launches")
  }),
  test("an offer above maxPerHour is OutOfFunds and sends nothing", async (context) => {
    const spec = await context.spec()
    const currency = spec.offer.pricePerHour?.currency ?? "USD"
    const refused = (micros: number) =>
      refusedUnsent(context, context.provider.launch({ ...spec, maxPerHour: { micros, currency } }), "OutOfFunds")
    const { needed } = await refused(1)
    check(needed, "the error does not say how much is needed")
    if (spec.diskMiB === undefined && !spec.bid) same(needed, spec.offer.pricePerHour, "what the error says is needed")
    await refused(needed.micros - 1)
    exist(context, 0, "after refused launches")
    await context.ok(context.provider.launch({ ...spec, maxPerHour: needed }))
    exist(context, 1, "at exactly maxPerHour")
  }),
  test("a limit in the other dollar currency holds one for one, for offers and for launches", async (context) => {
    const spec = await context.spec()
    const currency = spec.offer.pricePerHour?.currency === "USD" ? "USDC" : "USD"
    const refused = context.provider.launch({ ...spec, maxPerHour: { micros: 1, currency } })
    const { needed } = await refusedUnsent(context, refused, "OutOfFunds")
    check(needed, "the error does not say how much is needed")
    const price = spec.offer.pricePerHour ?? needed
    const within = (micros: number) => context.ok(context.provider.offers({ maxPerHour: { micros, currency } }))
    const [all, none] = [await within(price.micros), await within(price.micros - 1)]
    check(all.items.length > 0, "no offer is within its own price in the other currency")
    check(
      none.items.every((offer) => (offer.pricePerHour?.micros ?? 0) < price.micros),
      "an offer is above the limit"
    )
    await context.ok(context.provider.launch({ ...spec, maxPerHour: { micros: needed.micros, currency } }))
    exist(context, 1, "at exactly the limit")
  }),
  test(
    "an offer that is gone is NoCapacity and leaves nothing",
    async (context) => {
      const spec = await context.spec()
      context.control("createRefusedForCapacity")()
      await context.fails(context.provider.launch(spec), "NoCapacity")
      exist(context, 0, "after a refused launch")
      const [record] = await context.ok(context.ledger.launches())
      same(record?.state, "refused", "the launch in the ledger")
    },
    { needs: ["createRefusedForCapacity"] }
  ),
  test(
    "a key is free again after a refusal",
    async (context) => {
      const spec = { ...(await context.spec()), key: "once" }
      context.control("createRefusedForCapacity")()
      await context.fails(context.provider.launch(spec), "NoCapacity")
      await context.ok(context.provider.launch(spec))
      exist(context, 1, "after the second try")
    },
    { needs: ["createRefusedForCapacity"] }
  ),
  test(
    "a key is free again after a refusal that made a machine",
    async (context) => {
      const spec = { ...(await context.spec()), key: "once" }
      context.control("createRefusedButMade")()
      await context.fails(context.provider.launch(spec))
      const { status } = await context.ok(context.provider.launch(spec))
      check(status !== "terminated", "the key answers the machine that was ended at once, for ever")
      exist(context, 1, "after the second try")
    },
    { needs: ["createRefusedButMade"] }
  ),
  test(
    "an account without money is OutOfFunds and leaves nothing",
    async (context) => {
      const spec = await context.spec()
      context.control("createRefusedForFunds")()
      await context.fails(context.provider.launch(spec), "OutOfFunds")
      exist(context, 0, "after a refused launch")
    },
    { needs: ["createRefusedForFunds"] }
  ),
  test(
    "a refusal that made a machine leaves none, or says so",
    async (context) => {
      const spec = await context.spec()
      context.control("createRefusedButMade")()
      const { leftovers = [] } = await context.fails(context.provider.launch(spec))
      check(context.world.machines().length > 0, "the control made no machine")
      const unnamed = context.alive().filter(({ id }) => !leftovers.some((ref) => ref.id === id))
      check(unnamed.length === 0, `a refused launch left ${show(unnamed)}, and its error does not say so`)
    },
    { needs: ["createRefusedButMade"] }
  )
]
