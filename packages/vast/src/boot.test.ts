import { type GpuError, type Instance, reachOf, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { simulated } from "./cloud.test-support.ts"
import { judged, oci } from "./lifecycle.test-support.ts"
import { instanceOf } from "./to-domain.ts"
import { Instance as Row } from "./wire.ts"

const minute = 60_000
const daemon = "Error response from daemon: "
const missing = `${daemon}manifest for me/train:nope not found: manifest unknown: manifest unknown`

describe("a machine whose host cannot pull its image", () => {
  const boot = async (words: string | null, image = "me/train:nope") => {
    const world = simulated()
    if (words !== null) world.simulator.breakImage(image, words)
    const before = world.clock.now()
    const spec = { ...(await world.spec()), image }
    const { ref } = await world.run(world.containers.launch(spec))
    const seen: Instance[] = []
    const ended = await world.run(
      Effect.result(waitUntilReady(world.containers, ref, { onChange: (instance) => seen.push(instance) }))
    )
    const error: GpuError | null = ended._tag === "Failure" ? ended.failure : null
    return { error, last: seen.at(-1), minutes: (world.clock.now() - before) / minute }
  }

  it("fails soon, in Vast's own words, which blame the request", async () => {
    const { error, last, minutes } = await boot(missing)
    expect(last).toMatchObject({ status: "failed", reason: "invalid-request", billing: "storage", said: missing })
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "image" }] })
    expect(error?.message).toContain(missing)
    expect(minutes).toBeLessThan(2)
  })

  it.each([
    ["me/missing:1", "image"],
    ["me/private-train:1", "image"]
  ])("the simulator itself refuses %s as Docker does", async (image, path) => {
    expect((await boot(null, image)).error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
  })

  it("fails soon and on this host only, when the host is at fault", async () => {
    const { error, last, minutes } = await boot(`${daemon}failed to register layer: no space left on device`)
    expect(last).toMatchObject({ status: "failed", reason: "provisioning-error" })
    expect(error?._tag).toBe("ProviderFault")
    expect(error && reachOf(error)).toBe("here")
    expect(minutes).toBeLessThan(2)
  })

  it.each([
    `${daemon}Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution`,
    `${daemon}Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout`,
    `${daemon}error pulling image: read tcp 10.0.0.2:4->5.6.7.8:443: connection reset by peer`
  ])("does not fail for what passes: %s", async (words) => {
    const { error, last, minutes } = await boot(words)
    expect(last).toMatchObject({ status: "starting", reason: null, said: words })
    expect(error?._tag).toBe("Timeout")
    expect(minutes).toBeGreaterThan(14)
  })
})

test("a pull of 25 minutes that progresses gets ready", async () => {
  const world = simulated()
  world.simulator.slowImage("me/large:1", 25)
  const { ref } = await world.run(world.containers.launch({ ...(await world.spec()), image: "me/large:1" }))
  const before = world.clock.now()
  expect((await world.run(waitUntilReady(world.containers, ref))).status).toBe("running")
  expect(world.clock.now() - before).toBeGreaterThan(25 * minute)
})

describe("a batch job", () => {
  const launched = async (more: object) => {
    const world = simulated()
    const spec = { ...(await world.spec()), command: ["python", "train.py"], ...more }
    const { ref } = await world.run(world.containers.launch(spec))
    return await world.run(waitUntilReady(world.containers, ref))
  }

  it("with a command of its own and no ports is ready when it runs", async () => {
    const { endpoints } = await launched({ env: { TOKEN: "t-123456" } })
    expect(endpoints).toEqual({ ssh: [], ports: [], urls: [], expected: false })
  })

  it("with ports is ready when its row has them", async () => {
    expect((await launched({ ports: [{ port: 8000 }] })).endpoints.ports).toMatchObject([{ port: 8000 }])
  })

  it.each([
    ["no variables", { extra_env: [] }, false],
    ["variables and no port", { extra_env: [["TOKEN", "x"]] }, false],
    [
      "a port",
      {
        extra_env: [
          ["TOKEN", "x"],
          ["-p 8000:8000", "1"]
        ]
      },
      undefined
    ],
    ["a port, written as a text", { extra_env: ["-p 8000:8000=1"] }, undefined],
    ["neither, and no first port", { direct_port_start: -1 }, false],
    ["neither, and a first port", { direct_port_start: 20_000 }, undefined],
    ["neither", {}, undefined]
  ])("whose row has %s", (_, fields, expected) => {
    const row = Row.parse({ id: 7, actual_status: "running", image_runtype: "args", ...fields })
    expect(instanceOf(row).endpoints.expected).toBe(expected)
  })

  it("a machine with ssh always has a way in to wait for", () => {
    expect(
      instanceOf(Row.parse({ id: 7, image_runtype: "ssh_direc ssh_proxy", extra_env: [] })).endpoints.expected
    ).toBe(undefined)
  })
})

describe("a daemon error while the machine holds no GPU", () => {
  it.each([null, "created", "loading"])("fails the boot, whatever it is meant to do (%s)", (actual) => {
    for (const message of [missing, oci]) {
      const verdict = judged({ actual, intended: "running", cur: "stopped", message }, "launch", minute)
      expect(verdict).toMatchObject({ status: "failed", reason: "provisioning-error", billing: "storage" })
    }
  })

  it("is not believed of a start that was asked a moment ago: the words may be from before", () => {
    expect(judged({ actual: "loading", intended: "running", cur: "stopped", message: missing }, "start").status).toBe(
      "starting"
    )
  })

  it("a pull without an error goes on for hours without one, as has been seen", () => {
    expect(judged({ actual: "loading", intended: "running", cur: "stopped", message: "Pulling" }).status).toBe(
      "starting"
    )
  })
})
