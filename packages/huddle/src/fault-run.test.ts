import { after, answers, type FaultEffect, reset } from "@anygpu/conformance"
import { CurrentLedger, clockFrom, type GpuError, memoryLedger, splitMarker } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createHuddleSimulator } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { huddle } from "./index.ts"
import { DeployBody } from "./wire.ts"

/*
 * 1,000 launches through a cloud whose answers get lost. The caller asks again under the same key until there is a
 * machine, as a careful user does: then every launch has to come to one machine, and every machine to one launch.
 */

const worlds = 10
const launchesEach = 100
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

const hang: FaultEffect = (_, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))

const effects = {
  passed: (pass) => pass(),
  "lost after the effect": after(reset),
  "lost before the effect": reset,
  "500 after the effect": after(answers(500, { code: "INTERNAL" })),
  "500 without effect": answers(500, { code: "INTERNAL" }),
  "503 without effect": answers(503, "<html></html>"),
  "no answer in time": after(hang),
  "answer of another shape": after(answers(200, { code: "OK" }))
} satisfies Record<string, FaultEffect>
type EffectName = keyof typeof effects

const weigh = (weights: Partial<Record<EffectName, number>>) =>
  fc.oneof(...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as EffectName) })))

/** What becomes of deploys, and of everything else. */
const ofDeploys = weigh({
  ...{ passed: 40, "lost after the effect": 16, "lost before the effect": 9, "500 after the effect": 12 },
  ...{ "500 without effect": 9, "503 without effect": 5, "no answer in time": 5, "answer of another shape": 4 }
})
const ofOthers = weigh({ passed: 90, "lost before the effect": 4, "500 without effect": 4, "no answer in time": 2 })

/**
 * An outage begins with a launch's first deploy and lasts until the caller hears of it: nothing can be read, and
 * either deploys take effect unanswered or they do not arrive.
 */
type Outage = "none" | "answers are lost" | "requests are lost"
const ofLaunches = fc.oneof(
  { weight: 90, arbitrary: fc.constant<Outage>("none") },
  { weight: 5, arbitrary: fc.constant<Outage>("answers are lost") },
  { weight: 5, arbitrary: fc.constant<Outage>("requests are lost") }
)

/** A source of arbitrary values: the same seed gives the same ones. */
const stream = <A>(arbitrary: fc.Arbitrary<A>, seed: number): (() => A) => {
  const values = fc.sample(fc.infiniteStream(arbitrary), { seed, numRuns: 1 })[0]
  if (!values) throw new Error("fast-check gave no stream")
  return () => values.next().value
}

interface Deploy {
  readonly key: string | null
  readonly text: string
  readonly effect: EffectName
}

/** A world of its own: its launches, until each of them has a machine. */
const runWorld = async (seed: number) => {
  const simulator = createHuddleSimulator({ seed, credit: 1_000_000 })
  const ledger = memoryLedger()
  const deployEffect = stream(ofDeploys, seed)
  const otherEffect = stream(ofOthers, seed + 1000)
  const outageOf = stream(ofLaunches, seed + 2000)
  const deploys: Deploy[] = []
  const errors = new Map<GpuError["_tag"], number>()
  let outage: Outage = "none"
  let begun = false

  const effectOf = (isDeploy: boolean): EffectName => {
    begun ||= isDeploy && outage !== "none"
    if (!begun) return isDeploy ? deployEffect() : otherEffect()
    if (!isDeploy) return "500 without effect"
    return outage === "answers are lost" ? "lost after the effect" : "lost before the effect"
  }
  const transport = fetchTransport((url, init) => {
    const isDeploy = init.method === "POST" && url.endsWith("/deployments/clusters")
    const effect = effectOf(isDeploy)
    if (isDeploy) {
      deploys.push({ key: new Headers(init.headers).get("idempotency-key"), text: String(init.body), effect })
    }
    return effects[effect](() => simulator.fetch(url, init), init)
  })
  const { vms } = huddle({ apiKey: simulator.apiKey, transport })
  const run = <A>(effect: Effect.Effect<A, GpuError>) =>
    Effect.runPromise(
      Effect.result(effect).pipe(
        Effect.provideService(Clock.Clock, clockFrom(simulator.clock)),
        Effect.provideService(CurrentLedger, ledger)
      )
    )
  const untilDone = async <A>(effect: () => Effect.Effect<A, GpuError>): Promise<A> => {
    for (let turn = 0; turn < 50; turn++) {
      const result = await run(effect())
      outage = "none"
      begun = false
      if (result._tag === "Success") return result.success
      const { _tag, retry } = result.failure
      if (retry === "permanent") throw result.failure
      errors.set(_tag, (errors.get(_tag) ?? 0) + 1)
      if (_tag === "LaunchUnsettled") await run(vms.recover())
    }
    throw new Error("the cloud never recovered")
  }

  const [offer] = (await untilDone(() => vms.offers())).items
  if (!offer) throw new Error("the simulated market is empty")
  const [type = "", place] = offer.id.split("@")
  simulator.freeCapacity(type, place, 10 * launchesEach)
  const machines: string[] = []
  for (let number = 1; number <= launchesEach; number++) {
    outage = outageOf()
    const spec = { offer, name: `job ${number}`, os: "ubuntu-24.04-cuda-13.0-open-docker", sshKeys: [sshKey] }
    const { ref } = await untilDone(() => vms.launch({ ...spec, key: `job-${number}` }))
    machines.push(ref.id)
  }
  const recovered = await untilDone(() => vms.recover())
  const records = await Effect.runPromise(ledger.launches())
  simulator.clock.close()
  return { simulator, deploys, errors, machines, recovered, records }
}

type Outcome = Awaited<ReturnType<typeof runWorld>>

/** Every machine belongs to one launch, every launch has one machine, and the ledger knows both. */
const checkAccounts = ({ simulator, deploys, machines, recovered, records }: Outcome) => {
  const made = simulator.machines().map(({ id }) => id)
  expect(made.toSorted(), "the machines that were ever made are those that were answered").toEqual(machines.toSorted())
  const created = records.flatMap(({ state, instanceId }) => (state === "created" ? [instanceId] : []))
  expect(created.toSorted(), "the ledger knows each of them, once").toEqual(made.toSorted())
  const others = records.filter(({ state }) => state !== "created")
  expect(others.filter(({ state, instanceId }) => state !== "refused" || instanceId !== null)).toEqual([])
  expect([recovered.adopted, recovered.absent, recovered.unsettled]).toEqual([[], [], []])

  const bodies = new Map<string | null, string>()
  for (const { key, text } of deploys) {
    const { marker } = splitMarker(DeployBody.parse(JSON.parse(text)).hostname)
    expect(key, "the key that the ledger held").toBe(records.find((record) => record.marker === marker)?.idempotencyKey)
    expect(text, "the body of the first attempt").toBe(bodies.get(key) ?? text)
    bodies.set(key, text)
  }
}

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0)

const report = (outcomes: ReadonlyArray<Outcome>): string => {
  const deploys = outcomes.flatMap((outcome) => outcome.deploys)
  const records = outcomes.flatMap((outcome) => outcome.records)
  const answered = new Set(deploys.flatMap(({ key, effect }) => (effect === "passed" ? [key] : [])))
  const created = records.filter(({ state }) => state === "created")
  const adopted = created.filter(({ idempotencyKey }) => !answered.has(idempotencyKey)).length
  const list = (counts: ReadonlyArray<readonly [string, number]>) =>
    counts.map(([name, count]) => `${count} ${name}`).join(", ")
  const count = (name: string) => sum(outcomes.map(({ errors }) => new Map<string, number>(errors).get(name) ?? 0))
  const names = [...new Set(outcomes.flatMap(({ errors }) => [...errors.keys()]))].sort()
  return [
    `Huddle01 fault run: ${worlds * launchesEach} launches asked, ${sum(outcomes.map(({ simulator }) => simulator.machines().length))} machines made, ${created.length} in the ledger`,
    `  ${deploys.length} deploys sent: ${list(Object.keys(effects).map((name) => [name, deploys.filter(({ effect }) => effect === name).length]))}`,
    `  ${adopted} machines found by their hostname, ${records.length - created.length} attempts that made nothing`,
    `  errors returned: ${list(names.map((name) => [name, count(name)]))}`
  ].join("\n")
}

test("1,000 launches with lost answers, resets and 5xx make 1,000 machines, each known", {
  timeout: 360_000
}, async () => {
  const outcomes: Outcome[] = []
  for (let seed = 1; seed <= worlds; seed++) {
    const outcome = await runWorld(seed)
    checkAccounts(outcome)
    outcomes.push(outcome)
  }
  console.log(report(outcomes))
  const errors = new Set(outcomes.flatMap((outcome) => [...outcome.errors.keys()]))
  expect(errors).toContain("LaunchUnsettled")
  for (const name of Object.keys(effects)) {
    expect(outcomes.some(({ deploys }) => deploys.some(({ effect }) => effect === name))).toBe(true)
  }
})
