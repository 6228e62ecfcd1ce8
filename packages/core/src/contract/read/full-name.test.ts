import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { InstanceRef } from "../../model/ref.ts"
import type { OptionalOps } from "../ops.ts"
import { offer, type TinyMachine, tinyCloud } from "../tiny-cloud.test-support.ts"

const ref = new InstanceRef("test", "container", "m1")

/** A launched machine of which the cloud keeps the name that a test chooses. */
const launched = async (name: string, kept: string) => {
  const now: Partial<TinyMachine> & { name: string } = { name: kept }
  const world = tinyCloud({
    machines: () => [{ id: "m1", state: "up", ...now }],
    updateOptions: ["name"],
    operations: {
      update: (_, changes) =>
        Effect.sync(() => {
          now.name = changes.name?.slice(0, 8) ?? now.name
        })
    }
  })
  const { run, provider } = world
  const made = await run(provider.launch({ offer, name }))
  const { update } = provider as unknown as Pick<OptionalOps<"test", "container">, "update">
  const rename = (given: string) => run(update(ref, { name: given }))
  return { ...world, made, now, rename, get: () => run(provider.get(ref)) }
}

describe("a name of which the cloud keeps less", () => {
  test.each([
    ["my-updated-container", "my-updated-c"],
    ["Träining Run #7", "training-run"],
    ["Träining Run #7", "Träining Run"]
  ])("%s, kept as %s, is answered whole, and it is said what is kept", async (whole, kept) => {
    const { made, get, run, provider } = await launched(whole, kept)
    const [listed] = (await run(provider.list())).items
    for (const machine of [made, await get(), listed]) expect(machine).toMatchObject({ name: whole, keptName: kept })
  })

  test("that is the same is said once", async () => {
    const { made } = await launched("job", "job")
    expect(made.name).toBe("job")
    expect(made).not.toHaveProperty("keptName")
  })

  test("is the later one after a rename, in the ledger too", async () => {
    const { rename, get, ledger, run } = await launched("job", "job")
    expect(await rename("my-updated-container")).toMatchObject({ name: "my-updated-container", keptName: "my-updat" })
    expect(await get()).toMatchObject({ name: "my-updated-container" })
    expect(await run(ledger.machine(ref))).toMatchObject({ name: "my-updated-container" })
  })

  test.each([
    ["was given in the cloud's console", { name: "other" }],
    ["is of a machine that carries no marker any more", { marker: null }],
    ["is empty", { name: "" }]
  ])("stands as it is when it %s", async (_, of: Partial<TinyMachine>) => {
    const { get, now } = await launched("job-of-mine", "job")
    Object.assign(now, of)
    expect(await get()).toMatchObject({ name: now.name })
  })

  test("is that of its end as well", async () => {
    const { rename, run, get, provider, now } = await launched("job", "job")
    await rename("my-updated-container")
    await run(provider.terminate(ref, { within: "1 minute" }).pipe(Effect.ignore))
    Object.assign(now, { state: "ended" })
    expect(await get()).toMatchObject({ name: "my-updated-container", status: "terminated" })
  })
})
