import { type Finding, LoginRefused, money, Unreachable, type Verification } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { SshExtension } from "../client/ssh-extension.ts"
import type { CloudScript } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown, untyped } from "./placement.test-support.ts"
import type { Step } from "./request.ts"
import type { VerifyMachine } from "./verify.ts"

/** How a machine of a test compares: its offer's id says so. */
type Verdicts = Readonly<Record<string, Verification["outcome"]>>

const verification = (outcome: Verification["outcome"]): Verification => {
  const finding: Finding = {
    subject: "gpu-model",
    verdict: "wrong",
    offered: "RTX 4090",
    found: "RTX 3060",
    message: "The offer is for RTX 4090, and the machine has RTX 3060"
  }
  const findings = outcome === "not-as-offered" ? [finding] : []
  return { outcome, checks: findings, findings, unknown: [] }
}

const sshWith = (verify: VerifyMachine): SshExtension => ({
  effects: () => ({}),
  promises: () => ({}),
  proof: () => () => Effect.void,
  verify: () => verify
})

const byOffer = (verdicts: Verdicts): SshExtension =>
  sshWith((_, { offer }) => Effect.succeed(verification(verdicts[offer.id] ?? "as-offered")))

const verifying = { ...request, verify: true } as const

const setUpWith = (ssh: SshExtension, ...scripts: ReadonlyArray<CloudScript>) => setUp(scripts, { ssh })

describe("a launch that verifies its machine", () => {
  test("ends one that is not what was offered, and takes the next", async () => {
    const { gpu, alive, machines } = setUpWith(byOffer({ o1: "not-as-offered" }), fates("boots", "boots"))
    const { trail, spent, verification: answer } = await gpu.launch(verifying)
    expect(shown(trail)).toEqual(["o1 not-as-offered", "o2 ready"])
    expect(alive().map(({ stand }) => stand.id)).toEqual(["o2"])
    expect(machines[0]?.endedAt).toBeLessThanOrEqual(machines[1]?.at ?? 0)
    expect(trail[0]?.error?.message).toMatch(
      /is not what was offered: The offer is for RTX 4090, and the machine has RTX 3060. It was ended: it cost \$/
    )
    expect([trail[0]?.reach, answer?.outcome, spent.length]).toEqual(["here", "as-offered", 1])
  })

  test("notes its host in the ledger, for every client on it", async () => {
    const stands = [
      { id: "liar", perHour: "1", more: { host: "h1" } },
      { id: "good", perHour: "1.2" }
    ]
    const { gpu, client } = setUpWith(byOffer({ liar: "not-as-offered" }), { name: "acme", stands })
    await gpu.launch(verifying)
    const ranked = await client().compare({ job: request.job })
    expect([...ranked].map(({ offer, penalty }) => [offer.id, penalty > 0])).toEqual([
      ["good", false],
      ["liar", true]
    ])
  })

  test("keeps one that could not be verified, and says so", async () => {
    const { gpu } = setUpWith(byOffer({ o1: "unclear" }), fates("boots", "boots"))
    const { trail, verification: answer } = await gpu.launch(verifying)
    expect([shown(trail), answer?.outcome]).toEqual([["o1 ready"], "unclear"])
  })

  test("says when it asks, and compares with the offer and the disk that was asked for", async () => {
    const steps: string[] = []
    const orders: unknown[] = []
    const ssh = sshWith((machine, order) => {
      orders.push([machine.status, order.offer.id, order.offer.diskMiB, order.options, order.within])
      return Effect.succeed(verification("as-offered"))
    })
    const { gpu } = setUpWith(ssh, { ...fates("boots"), takes: ["diskMiB"] })
    const onProgress = (step: Step) => steps.push(step.type === "ended" ? step.attempt.outcome : step.type)
    await gpu.launch({
      ...{ ...request, verify: { only: ["gpu-count", "gpu-model"] }, onProgress },
      workload: { ...request.workload, diskMiB: 51_200 },
      ssh: { within: "4 minutes" }
    })
    expect(steps).toEqual(["trying", "booting", "logging-in", "verifying", "ready"])
    expect(orders).toEqual([["running", "o1", 51_200, { only: ["gpu-count", "gpu-model"] }, "4 minutes"]])
  })

  test("is not asked for the machine of an earlier launch", async () => {
    const { gpu } = setUpWith(byOffer({}), fates("boots"))
    const first = await gpu.launch({ ...verifying, key: "k" })
    const second = await gpu.launch({ ...verifying, key: "k" })
    expect([first.verification?.outcome, second.isEarlier, second.verification]).toEqual(["as-offered", true, null])
  })

  test("under a key goes on with the next, and the key names that one", async () => {
    const { gpu } = setUpWith(byOffer({ o1: "not-as-offered" }), fates("boots", "boots"))
    const first = await gpu.launch({ ...verifying, key: "k" })
    const again = await gpu.launch({ ...verifying, key: "k" })
    expect([shown(first.trail), String(again.instance.ref)]).toEqual([
      ["o1 not-as-offered", "o2 ready"],
      String(first.instance.ref)
    ])
  })
})

describe("limits of such a launch", () => {
  test("hold: attempts", async () => {
    const verdicts = { o1: "not-as-offered", o2: "not-as-offered" } as const
    const { gpu, alive } = setUpWith(byOffer(verdicts), fates("boots", "boots", "boots"))
    const error = await errorOf(gpu.launch({ ...verifying, limits: { maxAttempts: 2 } }))
    expect([error._tag, shown(error.trail ?? []), alive()]).toEqual([
      ...["OutOfFunds", ["o1 not-as-offered", "o2 not-as-offered"], []]
    ])
  })

  test("hold: money, while it is asked", async () => {
    const { gpu, alive } = setUpWith(
      sshWith(() => Effect.never),
      fates("boots")
    )
    const error = await errorOf(gpu.launch({ ...verifying, limits: { maxTotal: money(3) } }))
    expect([error.trail?.[0]?.outcome, alive()]).toEqual(["too-dear", []])
  })

  test("hold: the deadline", async () => {
    const { gpu, alive } = setUpWith(
      sshWith(() => Effect.never),
      fates("boots")
    )
    const error = await errorOf(gpu.launch({ ...verifying, limits: { deadline: "20 minutes" } }))
    expect([error._tag, alive()]).toEqual(["Timeout", []])
  })

  test("hold: an abort", async () => {
    const controller = new AbortController()
    const ssh = sshWith(() => {
      controller.abort(new Error("enough"))
      return Effect.never
    })
    const { gpu, alive, machines } = setUpWith(ssh, fates("boots"))
    await expect(gpu.launch(verifying, { signal: controller.signal })).rejects.toThrow("enough")
    expect([machines.length, alive()]).toEqual([1, []])
  })
})

describe("a machine that cannot be asked", () => {
  test("is ended where it cannot be reached, and the next is taken", async () => {
    const fields = { host: "203.0.113.7", port: 22, reason: "refused" } as const
    const gone = new Unreachable({ message: "203.0.113.7:22 cannot be reached by ssh", retry: "temporary", ...fields })
    const ssh = sshWith((_, { offer }) =>
      offer.id === "o1" ? Effect.fail(gone) : Effect.succeed(verification("unclear"))
    )
    const { gpu, alive } = setUpWith(ssh, fates("boots", "boots"))
    const { trail } = await gpu.launch(verifying)
    expect([shown(trail), alive().length]).toEqual([["o1 not-ready", "o2 ready"], 1])
  })

  test("stops the launch where it lets nobody in, since the next one would not either", async () => {
    const refused = new LoginRefused({ message: "no key is let in", retry: "temporary", user: "root", tried: [] })
    const { gpu, alive, creates } = setUpWith(
      sshWith(() => Effect.fail(refused)),
      fates("boots", "boots")
    )
    const error = await errorOf(gpu.launch(verifying))
    expect([error._tag, creates, alive()]).toEqual(["LoginRefused", ["acme/o1"], []])
  })
})

describe("what cannot be verified is refused before anything is sent", () => {
  const refusal = async (more: object, ssh?: SshExtension) => {
    const { gpu, creates } = ssh ? setUpWith(ssh, fates("boots")) : setUp([fates("boots")])
    const error = await errorOf(gpu.launch(untyped({ ...verifying, ...more })))
    expect(creates).toEqual([])
    return error._tag === "InvalidRequest" ? error.issues.map(({ path }) => path) : error._tag
  }

  test("in a client without ssh", async () => {
    expect(await refusal({})).toEqual(["verify"])
    const { gpu } = setUp([fates("boots")])
    expect(shown((await gpu.launch({ ...request, verify: false })).trail)).toEqual(["o1 ready"])
  })

  test.each([
    [{ until: "created" }, ["verify"]],
    [{ verify: "yes" }, ["verify"]],
    [{ verify: { write: 0 } }, ["verify.write"]],
    [{ verify: { url: "file:///etc/passwd" } }, ["verify.url"]],
    [{ verify: { only: ["gpu"] } }, ["verify.only[0]"]],
    [{ verify: { speed: true } }, ["verify.speed"]]
  ])("%j", async (more, paths) => {
    expect(await refusal(more, byOffer({}))).toEqual(paths)
  })
})
