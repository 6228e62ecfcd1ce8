import { adapterContext } from "@anygpu/conformance"
import { type Instance, InstanceRef, type LaunchSpec, Timeout, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { publicKey } from "../cloud.test-support.ts"
import { type Fluence, fetchTransport, fluence } from "../index.ts"
import { image, privateImage, registry, simulated } from "../simulated.test-support.ts"

const minute = 60_000

type Changes = Parameters<Fluence["containers"]["update"]>[1]

const refOf = ({ ref }: Instance) => new InstanceRef("fluence", "container", ref.id)

/** A simulated Fluence with one container that is up. */
const running = async (more: Partial<LaunchSpec> = {}) => {
  const world = simulated()
  const ref = refOf(await world.launch("containers", more))
  await world.run(waitUntilReady(world.cloud.containers, ref))
  const shown = () => world.run(world.cloud.native.showContainer({ params: { id: ref.id } }))
  return {
    ...world,
    ref,
    shown,
    update: (changes: Changes) => world.cloud.containers.update(ref, changes),
    /** The bodies of the updates that reached the cloud. */
    updates: () => world.simulator.requests().flatMap(({ method, body }) => (method === "PUT" ? [body] : []))
  }
}

describe("an update", () => {
  it("meets another one at once: one is applied, the other is Conflict", async () => {
    const { run, update, shown, pass } = await running()
    const both = ["1", "2"].map((value) => Effect.exit(update({ env: { A: value } })))
    const ends = await run(Effect.all(both, { concurrency: 2 }))
    expect(ends.filter(Exit.isSuccess)).toHaveLength(1)
    const [refused] = ends.filter(Exit.isFailure)
    expect(refused && JSON.stringify(refused.cause)).toContain('"Conflict"')
    await pass(5 * minute)
    const applied = ends.findIndex(Exit.isSuccess) + 1
    expect((await shown()).container_info?.environment).toContainEqual({ name: "A", value: String(applied) })
  })

  it("renames a container of another ledger, whose image Fluence offers, without asking for a login", async () => {
    const { simulator, pass, ref } = await running({ image: "docker.io/fluencelabs/debian-ssh-root:11" })
    const other = adapterContext(simulator.clock)
    const { containers } = fluence({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
    await other.run(containers.rename(ref, "renamed"))
    await pass(5 * minute)
    expect(await other.run(containers.get(ref))).toMatchObject({ name: "renamed" })
  })

  it("keeps the ports as they were launched", async () => {
    const { run, update, shown, pass, ref, cloud } = await running()
    const before = (await shown()).network?.forwarded_ports
    expect(before?.length).toBeGreaterThan(0)
    await run(update({ image: "docker.io/library/nginx:1", registry: null }))
    await pass(5 * minute)
    expect((await shown()).network?.forwarded_ports).toEqual(before)
    const { endpoints } = await run(cloud.containers.get(ref))
    expect([endpoints.ssh.length, endpoints.urls.length]).toEqual([1, 1])
  })

  it("leaves the variables as they were asked for, and the key lets in, whatever was asked", { timeout: 30_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/), fc.string({ maxLength: 20 }), { maxKeys: 5 }),
        fc.boolean(),
        async (env, keyless) => {
          fc.pre(!("SSH_PUBKEY" in env))
          const { run, update, shown, updates, pass } = await running(
            keyless ? { sshKeys: [], image: "docker.io/library/python:3" } : {}
          )
          for (const changes of [{ env }, { command: ["sleep", "infinity"] }]) {
            await run(update(changes))
            await pass(5 * minute)
            const variables = (await shown()).container_info?.environment ?? []
            const { SSH_PUBKEY: key, ...rest } = Object.fromEntries(variables.map(({ name, value }) => [name, value]))
            expect({ ...rest }).toEqual({ ...env })
            expect(key).toBe(keyless ? undefined : publicKey)
          }
          for (const body of updates()) {
            expect(JSON.stringify(body)).not.toContain("SSH_PUBKEY")
            expect((body as { readonly ssh_key?: unknown }).ssh_key).toBe(keyless ? undefined : publicKey)
          }
        }
      ),
      { numRuns: 25 }
    )
  )
})

describe("a container with a private image", () => {
  const launched = () => running({ image: privateImage, registry })

  it("is neither updated nor renamed without its login, and says what to do", async () => {
    const { cloud, ref, fails, update, updates } = await launched()
    for (const call of [update({ env: { A: "1" } }), cloud.containers.rename(ref, "other")]) {
      const error = await fails(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "registry" }] })
      expect(error.message).toContain("update({ ..., registry })")
      expect(error.message).toContain("ghcr.io")
      expect(error.message).not.toContain(registry.password)
    }
    expect(updates()).toEqual([])
  })

  it("starts again with its login, under another name too", async () => {
    const { cloud, ref, run, update, pass } = await launched()
    await run(update({ name: "Other", registry }))
    await pass(5 * minute)
    expect(await run(cloud.containers.get(ref))).toMatchObject({ name: "Other", status: "running" })
  })

  it("that got its login in an update alone keeps asking for it", async () => {
    const { cloud, ref, fails, run, update, updates, pass } = await running()
    await run(update({ registry }))
    await pass(5 * minute)
    expect(await fails(cloud.containers.rename(ref, "other"))).toMatchObject({ issues: [{ path: "registry" }] })
    expect(updates()).toHaveLength(1)
    await run(update({ registry: null }))
    await pass(5 * minute)
    await run(cloud.containers.rename(ref, "other"))
  })

  it("that is said to be public does not come up, and the events say why", async () => {
    const { cloud, ref, run, update, pass } = await launched()
    await run(update({ env: {}, registry: null }))
    await pass(5 * minute)
    expect((await run(cloud.containers.get(ref))).status).toBe("starting")
    expect((await run(cloud.containers.events(ref))).lines.join("\n")).toContain("Failed to pull image")
  })

  it("needs no login any more once its image is replaced by a public one", async () => {
    const { cloud, ref, run, update, pass } = await launched()
    await run(update({ image, registry: null }))
    await pass(5 * minute)
    expect((await run(cloud.containers.get(ref))).status).toBe("running")
  })
})

test("an active container without a domain is not ready, until it has one", async () => {
  const { simulator, cloud, launch, fails, run, pass } = simulated()
  const ref = refOf(await launch("containers"))
  simulator.holdDomain(ref.id)
  await pass(10 * minute)
  const seen = await run(cloud.containers.get(ref))
  expect(seen).toMatchObject({ status: "running", billing: "compute", endpoints: { ssh: [], ports: [], urls: [] } })
  const error = await fails(waitUntilReady(cloud.containers, ref, { within: "5 minutes" }))
  expect(error).toMatchObject({ _tag: "Timeout", ref })
  simulator.holdDomain(ref.id, false)
  expect((await run(waitUntilReady(cloud.containers, ref))).endpoints.ssh).toHaveLength(1)
})

test("a container that cannot start is starting and paid, its events say why, and waiting for it ends", async () => {
  const { simulator, cloud, launch, fails, run, truth, pass } = simulated()
  const ref = refOf(await launch("containers"))
  const why = "[Warning] [Failed] Error: failed to create containerd task: exec: not found"
  simulator.failContainer(ref.id, why)
  await pass(10 * minute)
  expect(await run(cloud.containers.get(ref))).toMatchObject({ status: "starting", billing: "compute" })
  expect((await run(cloud.containers.events(ref))).lines.at(-1)).toContain(why)
  const error = await fails(waitUntilReady(cloud.containers, ref))
  expect(error).toBeInstanceOf(Timeout)
  expect(error).toMatchObject({ ref, leftovers: [ref] })
  expect(error.message).toContain(String(ref))
  expect(truth(ref)?.alive).toBe(true)
  await run(cloud.containers.terminate(ref))
  expect(truth(ref)?.alive).toBe(false)
})
