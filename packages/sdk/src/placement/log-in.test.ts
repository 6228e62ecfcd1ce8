import { type GpuError, type Instance, LoginRefused, Unreachable } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import type { ProofOptions } from "../client/login-proof.ts"
import type { SshExtension } from "../client/ssh-extension.ts"
import { errorOf, fates, request, setUp, shown, untyped } from "./placement.test-support.ts"

const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"]
const withKeys = { ...request, workload: { os: "ubuntu", sshKeys } }

const unreachable = new Unreachable({
  ...{ message: "10.0.0.1:22 cannot be reached by ssh", retry: "exhausted", host: "10.0.0.1", port: 22 },
  reason: "refused"
})
const refused = new LoginRefused({ message: "no key is let in", retry: "exhausted", user: "root", tried: ["key"] })

/** Proofs that end like this, one after the other; the last one stays. */
const proving = (...ends: ReadonlyArray<GpuError | "in">) => {
  const asked: Array<ProofOptions & { readonly id: string }> = []
  const proof = ({ ref }: Instance, options: ProofOptions) =>
    Effect.suspend(() => {
      const end = ends[Math.min(asked.length, ends.length - 1)]
      asked.push({ ...options, id: ref.id })
      return Effect.delay(end === undefined || end === "in" ? Effect.void : Effect.fail(end), "30 seconds")
    })
  const verify = () => () => Effect.die("nothing is verified here")
  const ssh: SshExtension = { effects: () => ({}), promises: () => ({}), proof: () => proof, verify }
  return { asked, ssh }
}

/** One cloud with so many machines that boot, and take keys. */
const cloudOf = (count: number) => ({
  ...fates(...Array.from({ length: count }, () => "boots" as const)),
  takes: ["sshKeys"] as const
})

describe("a launch with ssh keys", () => {
  test("is ready once somebody was let in", async () => {
    const { ssh, asked } = proving("in")
    const { gpu } = setUp([cloudOf(1)], { ssh })
    const steps: string[] = []
    const { instance } = await gpu.launch({ ...withKeys, onProgress: ({ type }) => steps.push(type) })
    expect(asked).toEqual([{ id: instance.ref.id, isAskedFor: false }])
    expect(steps).toEqual(["trying", "booting", "logging-in", "ended"])
  })

  test("ends a machine that cannot be reached, and tries the next", async () => {
    const { ssh } = proving(unreachable, "in")
    const { gpu, alive } = setUp([cloudOf(2)], { ssh })
    const { trail, spent } = await gpu.launch(withKeys)
    expect(shown(trail)).toEqual(["o1 not-ready", "o2 ready"])
    expect(trail[0]).toMatchObject({ reach: "here", error: { _tag: "Unreachable" } })
    expect(spent).toHaveLength(1)
    expect(alive()).toHaveLength(1)
  })

  test("stops at a refused login, and leaves nothing", async () => {
    const { ssh } = proving(refused)
    const { gpu, alive, creates } = setUp([cloudOf(2)], { ssh })
    const error = await errorOf(gpu.launch(withKeys))
    expect(error).toMatchObject({ _tag: "LoginRefused", leftovers: [] })
    expect(error.message).toContain("It was ended")
    expect(error.trail).toMatchObject([{ outcome: "stopped", reach: "everywhere" }])
    expect([creates, alive()]).toEqual([["acme/o1"], []])
  })

  test.each([
    ["it is switched off", { ...withKeys, ssh: false }],
    ["it has no keys", request],
    ["it does not wait for a machine that is ready", { ...withKeys, until: "created" as const }]
  ])("is not proven where %s", async (_, asked) => {
    const { ssh, asked: proofs } = proving(refused)
    const { gpu } = setUp([cloudOf(1)], { ssh })
    await gpu.launch(asked)
    expect(proofs).toEqual([])
  })

  test("is proven as it was asked for", async () => {
    const { ssh, asked } = proving("in")
    const { gpu } = setUp([cloudOf(1)], { ssh })
    await gpu.launch({ ...withKeys, ssh: { within: "2 minutes" } })
    expect(asked).toMatchObject([{ within: "2 minutes", isAskedFor: true }])
  })

  test("is proven again for who comes back by its key", async () => {
    const { ssh, asked } = proving("in", refused)
    const { gpu, creates, alive } = setUp([cloudOf(1)], { ssh })
    await gpu.launch({ ...withKeys, key: "k" })
    expect(await errorOf(gpu.launch({ ...withKeys, key: "k" }))).toMatchObject({ _tag: "LoginRefused" })
    expect([asked.length, creates.length, alive().length]).toEqual([2, 1, 1])
  })
})

describe("a wait for a machine", () => {
  const rented = async (...ends: ReadonlyArray<GpuError | "in">) => {
    const { ssh, asked } = proving(...ends)
    const { gpu, alive } = setUp([cloudOf(1)], { ssh })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const { ref } = await gpu.rent({ offer, name: "train", os: "ubuntu", sshKeys })
    return { gpu, asked, ref, alive }
  }

  test("proves a login where that is asked for", async () => {
    const { gpu, asked, ref } = await rented("in")
    await gpu.waitUntilReady(ref)
    await gpu.waitUntilReady(ref, { ssh: false })
    expect(asked).toEqual([])
    await gpu.waitUntilReady(ref, { ssh: { within: "1 minute" } })
    expect(asked).toEqual([{ id: ref.id, within: "1 minute", isAskedFor: true }])
  })

  test("says what was in the way, and that the machine is still there", async () => {
    const { gpu, ref, alive } = await rented(unreachable)
    const error = await errorOf(gpu.waitUntilReady(ref, { ssh: true }))
    expect(error).toMatchObject({ _tag: "Unreachable", reason: "refused", provider: "acme", leftovers: [ref] })
    expect(error.message).toContain("is still there and may cost money")
    expect(alive()).toHaveLength(1)
  })
})

describe("a login that cannot be proven is refused, before anything is sent", () => {
  test("in a client without ssh", async () => {
    const { gpu, creates } = setUp([cloudOf(1)])
    const error = await errorOf(gpu.launch({ ...withKeys, ssh: true }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "ssh" }] })
    expect(error.message).toContain("ssh: ssh()")
    expect(await errorOf(gpu.waitUntilReady("acme/vm/1", { ssh: true }))).toMatchObject({ issues: [{ path: "ssh" }] })
    expect(creates).toEqual([])
  })

  test.each([["yes"], [{ for: 3 }], [{ within: "soon" }], [{ within: -1 }], [null]])(
    "where it is %j",
    async (wrong) => {
      const { gpu, creates } = setUp([cloudOf(1)], { ssh: proving("in").ssh })
      const error = await errorOf(gpu.launch(untyped({ ...withKeys, ssh: wrong })))
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: expect.stringMatching(/^ssh/) }] })
      expect(creates).toEqual([])
    }
  )
})
