import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type AnyProvider, clockFrom } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { sqliteLedger } from "@anygpu/core/sqlite"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import { createClock, createFluenceSimulator, createHuddleSimulator, createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { afterAll, expect, test } from "vitest"
import { makeGpu } from "../client/make-gpu.ts"
import { endBy, type Fate, fate } from "./echo.test-support.ts"
import { type Clouds, flow, hookOf } from "./flow.test-support.ts"
import { collector } from "./outputs.test-support.ts"
import { finder, type Secrets, secrets } from "./secrets.test-support.ts"

const folder = mkdtempSync(join(tmpdir(), "anygpu-redaction-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Fetch = (url: string, init: RequestInit) => Promise<Response>

let runs = 0

/** Runs the whole flow with these secrets on clouds that repeat what they are sent, as the fates say. */
const run = async (planted: Secrets, fates: ReadonlyArray<Fate>) => {
  const clock = createClock()
  const { vastKey: _, fluenceKey: __, huddleKey: ___, hook, ...rest } = planted
  const values = [...Object.values(rest).map(({ text }) => text), hookOf(hook)]
  let isFaulty = false
  let asked = 0
  const echoing =
    (key: string, serve: Fetch): Fetch =>
    (url, init) => {
      const served = () => serve(url, init)
      const next: Fate = isFaulty ? (fates[asked++ % fates.length] ?? { kind: "served" }) : { kind: "served" }
      return endBy(next, { url, init, secrets: [key, ...values] }, served)
    }
  const keyOf = (name: "vastKey" | "fluenceKey" | "huddleKey") => planted[name].text
  const simulators = {
    vast: createVastSimulator({ clock, apiKey: keyOf("vastKey"), credit: 500 }),
    fluence: createFluenceSimulator({ clock, apiKey: keyOf("fluenceKey"), credit: 500 }),
    huddle: createHuddleSimulator({ clock, apiKey: keyOf("huddleKey"), credit: 500 })
  }
  const accountOf = (name: keyof typeof simulators) => {
    const apiKey = keyOf(`${name}Key`)
    return { apiKey, transport: fetchTransport(echoing(apiKey, simulators[name].fetch)) }
  }
  const cloud = {
    vast: vast(accountOf("vast")),
    fluence: fluence(accountOf("fluence")),
    huddle: huddle(accountOf("huddle"))
  }
  const path = join(folder, `${runs++}.db`)
  using ledger = sqliteLedger(path)
  const gpu = makeGpu({ clouds: [cloud.vast, cloud.fluence, cloud.huddle], ledger })
  const collected = collector()
  const on = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.runPromise(Effect.provideService(effect, Clock.Clock, clockFrom(clock)))
  const offersOf = async (provider: AnyProvider) => (await on(provider.offers())).items
  const first = async (provider: AnyProvider) => {
    const [offer] = await offersOf(provider)
    if (!offer) throw new Error(`nothing to rent at ${provider.provider}`)
    return offer
  }
  const offers: Clouds["offers"] = {
    vast: await offersOf(cloud.vast.containers),
    container: await first(cloud.fluence.containers),
    cpu: await first(cloud.fluence.cpuVms),
    huddle: await first(cloud.huddle.vms)
  }
  isFaulty = true
  await on(collected.observe(flow({ gpu, cloud, offers, secrets: planted, ledger: path }, collected)))
  return { ...collected, requests: Object.values(simulators).flatMap((simulator) => simulator.requests()) }
}

const leakOf = ({ outputs }: Awaited<ReturnType<typeof run>>, planted: Secrets): string | null => {
  const find = finder(planted)
  for (const { where, text } of outputs) {
    const found = find(text)
    if (found) return `${where} shows ${found}`
  }
  return null
}

test("nothing shows a secret while nothing goes wrong, and every step works", async () => {
  const [planted] = fc.sample(secrets, { numRuns: 1, seed: 7 })
  if (!planted) throw new Error("no secrets")
  const ran = await run(planted, [{ kind: "served" }])
  expect(leakOf(ran, planted)).toBeNull()
  // What was sent is no output: every secret but the keys, which are in headers, is found there.
  const inputs = Object.entries(planted).filter(([name]) => !name.endsWith("Key"))
  const sent = JSON.stringify(ran.requests)
  for (const [name, { cores }] of inputs)
    expect([name, cores.every((core) => sent.includes(core))]).toEqual([name, true])
  expect(ran.ended.filter(([, outcome]) => outcome !== "ok" && outcome !== "Unsupported")).toEqual([
    // A container with a login is not changed without it.
    ["rename container", "InvalidRequest"]
  ])
})

/** More of them: `REDACTION_RUNS=500 pnpm exec vitest run packages/sdk/src/redaction`. No shrinking: a run takes a second. */
test("no output shows a secret, whatever a cloud repeats", { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.array(fate, { minLength: 61, maxLength: 61 }), async (planted, fates) => {
      expect(leakOf(await run(planted, fates), planted)).toBeNull()
    }),
    { numRuns: Number(process.env.REDACTION_RUNS ?? 12), endOnFailure: true }
  )
})
