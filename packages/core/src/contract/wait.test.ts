import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { noEndpoints, sshEndpoint } from "../model/endpoints.ts"
import { isReady } from "../model/instance.ts"
import { reachOf } from "../model/reach.ts"
import { InstanceRef } from "../model/ref.ts"
import { type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"
import { untilReady, type WaitOptions, waitUntilReady } from "./wait.ts"

const ref = new InstanceRef("test", "container", "m1")
const minute = 60_000
const reachable = { ...noEndpoints, ssh: [sshEndpoint("203.0.113.7", 22, "root", "direct")] }

/** A cloud with one machine, and a wait for it. */
const waiting = (machine: (now: number) => Omit<TinyMachine, "id">, wait = waitUntilReady) => {
  const cloud = tinyCloud({ machines: (now) => [{ id: "m1", ...machine(now) }] })
  return {
    ...cloud,
    wait: (options: WaitOptions = {}) => cloud.run(Effect.result(wait(cloud.provider, ref, options)))
  }
}

const booting = (said?: string) => ({ state: "booting", ...(said !== undefined && { said }) }) as const

const failureOf = async (result: ReturnType<ReturnType<typeof waiting>["wait"]>) => {
  const ended = await result
  if (ended._tag === "Success") throw new Error(`it got ready: ${ended.success.status}`)
  return ended.failure
}

describe("a boot that progresses", () => {
  const pulling = (upAfter: number) =>
    waiting((now) =>
      now < upAfter
        ? booting(`Pulling layer ${Math.floor(now / (2 * minute))} of 12`)
        : { state: "up", endpoints: reachable }
    )

  test("is waited for beyond the boot time of its cloud, which is 5 minutes", async () => {
    const { wait, now } = pulling(13 * minute)
    expect((await wait())._tag).toBe("Success")
    expect(now()).toBeGreaterThanOrEqual(13 * minute)
  })

  test("is waited for three boot times at most, and the error says so", async () => {
    const { wait, now } = pulling(60 * minute)
    const error = await failureOf(wait())
    expect(error._tag).toBe("Timeout")
    expect(error.message).toMatch(/after 15m.*the most that a boot may take which progresses/)
    expect(error.message).toContain("test says: Pulling layer 7 of 12")
    expect(now()).toBeLessThan(16 * minute)
  })

  test("is not waited for beyond the time that the caller gave", async () => {
    const { wait, now } = pulling(13 * minute)
    expect((await failureOf(wait({ within: "6 minutes" })))._tag).toBe("Timeout")
    expect(now()).toBeLessThan(7 * minute)
  })

  test.each([
    ["says the same all the time", () => booting("Pulling")],
    [
      "says the same two things in turn",
      (now: number) => booting(now % 20_000 < 10_000 ? "Pulling" : "Retrying in 10s")
    ],
    ["says nothing", () => booting()]
  ])("one that %s does not progress", async (_, machine) => {
    const { wait, now } = waiting(machine)
    expect((await failureOf(wait()))._tag).toBe("Timeout")
    expect(now()).toBeLessThan(6 * minute)
  })

  test("reports every change of the cloud's words", async () => {
    const seen: Array<string | null> = []
    await pulling(5 * minute).wait({ onChange: ({ said }) => seen.push(said) })
    expect(seen).toEqual(["Pulling layer 0 of 12", "Pulling layer 1 of 12", "Pulling layer 2 of 12", null])
  })
})

describe("the cloud's words about a boot", () => {
  const missing = "Error response from daemon: manifest for me/train:nope not found: manifest unknown"

  test.each(["booting", "broken"] as const)("end the wait at once when they blame the request (%s)", async (state) => {
    const { wait, now } = waiting(() => ({ state, said: missing }))
    const error = await failureOf(wait())
    expect(error._tag).toBe("InvalidRequest")
    expect(error).toMatchObject({ ref, issues: [{ path: "image" }], operation: "wait for ready" })
    expect(error.message).toContain(missing)
    expect(reachOf(error)).toBe("everywhere")
    expect(now()).toBeLessThan(minute)
  })

  test("do not end it while they name trouble that passes", async () => {
    const said = 'Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout'
    const { wait } = waiting((now) => (now < minute ? booting(said) : { state: "up", endpoints: reachable }))
    expect((await wait())._tag).toBe("Success")
  })

  test("are in the error of a machine that failed on its host, which reaches no further", async () => {
    const error = await failureOf(waiting(() => ({ state: "broken", said: "failed to inject CDI devices" })).wait())
    expect(error._tag).toBe("ProviderFault")
    expect(error.message).toContain("failed to inject CDI devices")
    expect(reachOf(error)).toBe("here")
  })

  test("are in the instance, without the values that were given to programs, and cut", async () => {
    const said = `docker run -e HF_TOKEN=hf_123456 --password hunter2 me/train ${"x".repeat(3000)}`
    const { provider, run } = waiting(() => booting(said))
    const instance = await run(provider.get(ref))
    expect(instance.said).toMatch(/^docker run -e HF_TOKEN=<redacted> --password <redacted> me\/train x+…$/)
    expect(instance.said?.length).toBeLessThan(1100)
  })

  test("are missing where the cloud says nothing", async () => {
    const { provider, run } = waiting(() => booting("  "))
    expect((await run(provider.get(ref))).said).toBeNull()
  })
})

describe("a machine without a way in", () => {
  const alone = { ...noEndpoints, expected: false } as const

  test("is ready when it runs, if none was asked for", async () => {
    const { wait, now } = waiting(() => ({ state: "up", endpoints: alone }))
    expect((await wait())._tag).toBe("Success")
    expect(now()).toBe(0)
  })

  test("is not ready before it runs, and not while only its way in is not known yet", () => {
    expect(isReady({ status: "starting", endpoints: alone })).toBe(false)
    expect(isReady({ status: "running", endpoints: noEndpoints })).toBe(false)
  })

  test("that ended by itself has run: no other host is to run it again", async () => {
    const error = await failureOf(waiting(() => ({ state: "exited", endpoints: alone })).wait())
    expect([error._tag, reachOf(error)]).toEqual(["ProviderFault", "everywhere"])
  })

  test("that should have one and ended by itself may be its host's fault", async () => {
    expect(reachOf(await failureOf(waiting(() => ({ state: "exited" })).wait()))).toBe("here")
  })
})

describe("what an error says of the machine", () => {
  test.each([
    ["times out", booting(), /still there and may cost money: wait longer, or terminate it$/],
    ["was stopped", { state: "exited" } as const, /may still cost money: terminate it$/],
    ["failed and costs nothing", { state: "broken" } as const, /It costs nothing$/]
  ])("one that %s: for who is left with it, and not for who ends it", async (_, machine, advice) => {
    expect((await failureOf(waiting(() => machine).wait())).message).toMatch(advice)
    const bare = await failureOf(waiting(() => machine, untilReady).wait())
    expect(bare.message).not.toMatch(/cost|terminate it/)
  })
})

test("a process that stands still after a look does not take what it saw for the last word", async () => {
  const time = { now: 0 }
  const state = (now: number) => (now < minute ? "booting" : "up")
  const { provider, run } = tinyCloud({
    time,
    machines: (now) => [{ id: "m1", state: state(now), endpoints: reachable }],
    read: (id, now) => {
      // It is frozen with the first answer in its hands, for longer than any boot may take.
      if (now === 0) time.now += 60 * minute
      return { id, state: state(now), endpoints: reachable }
    }
  })
  expect((await run(Effect.result(waitUntilReady(provider, ref))))._tag).toBe("Success")
})
