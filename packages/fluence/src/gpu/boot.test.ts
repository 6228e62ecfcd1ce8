import { type Instance, reachOf, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { image, privateImage, simulated } from "../simulated.test-support.ts"

const minute = 60_000

/** Launches a container and waits for it, while something is done to its cloud. */
const boot = async (
  more: object,
  meanwhile: (world: ReturnType<typeof simulated>, id: string) => unknown = () => {}
) => {
  const world = simulated()
  const { ref } = await world.launch("containers", more)
  await meanwhile(world, ref.id)
  const before = world.simulator.clock.now()
  const seen: Instance[] = []
  const wait = waitUntilReady(world.providers.containers, ref, { onChange: (instance) => seen.push(instance) })
  const ended = await world.run(Effect.result(wait))
  return {
    error: ended._tag === "Failure" ? ended.failure : null,
    last: seen.at(-1),
    minutes: (world.simulator.clock.now() - before) / minute
  }
}

describe("a container that cannot start", () => {
  it("whose image may not be pulled says so in its events, and the request is blamed at once", async () => {
    const { error, last, minutes } = await boot({ image: privateImage })
    expect(last).toMatchObject({ status: "starting", reason: "invalid-request", billing: "compute" })
    expect(last?.said).toMatch(/Failed to pull image.*no basic auth credentials.*Back-off pulling image/)
    expect(last?.said).not.toContain("[service-1-")
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "registry" }] })
    expect(minutes).toBeLessThan(10)
  })

  it.each([
    [
      '[Warning] [Failed] Error: failed to create containerd task: exec: "serve": executable file not found in $PATH',
      "command"
    ],
    [
      '[Warning] [Failed] Failed to pull image "me/train:nope": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/me/train:nope": docker.io/me/train:nope: not found',
      "image"
    ],
    [
      '[Warning] [InspectFailed] Failed to apply default image tag "Me//train": couldn\'t parse image reference: invalid reference format',
      "image"
    ]
  ])("%s", async (event, path) => {
    const { error } = await boot({ image }, ({ simulator }, id) => simulator.failContainer(id, event))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
  })

  it("through its host's trouble is waited for, and not blamed on the request", async () => {
    const why =
      '[Warning] [Failed] Failed to pull image "me/train:1": dial tcp: lookup registry-1.docker.io: no such host'
    const { error, last } = await boot({ image }, ({ simulator }, id) => simulator.failContainer(id, why))
    expect(last).toMatchObject({ status: "starting", reason: null })
    expect(error?._tag).toBe("Timeout")
    expect(error?.message).toContain("no such host")
    expect(error && reachOf(error)).toBe("here")
  })

  it("shows no value of its variables in the cloud's words", async () => {
    const why = "[Warning] [Failed] Error: cannot start with hf-secret-value-1 and --password=hunter22"
    const env = { HF_TOKEN: "hf-secret-value-1" }
    const { last, error } = await boot({ image, env }, ({ simulator }, id) => simulator.failContainer(id, why))
    expect(last?.said).toBe("[Warning] [Failed] Error: cannot start with <redacted> and --password=<redacted>")
    expect(error?.message).not.toMatch(/hf-secret|hunter22/)
  })
})

it("events that cannot be read cost only the words", async () => {
  const { last } = await boot({ image: privateImage }, ({ simulator }) =>
    simulator.fault({ on: { method: "GET", path: "/gpu/instances/{id}/events" }, do: { kind: "status", status: 500 } })
  )
  expect(last?.status).toBe("starting")
})
