import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { InstanceRef } from "../model/ref.ts"
import type { Target } from "./definition.ts"
import type { WorkloadUpdate } from "./ops.ts"
import { offer, type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"

const ref = new InstanceRef("test", "container", "m1")

const cloud = () => {
  const asked: Array<[Target<TinyMachine>, WorkloadUpdate]> = []
  const { provider, run } = tinyCloud({
    machines: () => [{ id: "m1", state: "up" }],
    updateOptions: ["name", "env", "registry", "ports"],
    operations: { update: (target, changes) => Effect.sync(() => void asked.push([target, changes])) }
  })
  const { update } = provider as typeof provider & {
    update: (ref: InstanceRef, changes: object) => Effect.Effect<unknown, Error>
  }
  return { asked, provider, run, update: (changes: object) => update(ref, changes) }
}

test.each([
  ["what the provider cannot change", { image: "ubuntu" }, { _tag: "Unsupported", feature: "image" }],
  ["nothing at all", {}, { _tag: "InvalidRequest" }],
  ["only undefined", { name: undefined }, { _tag: "InvalidRequest" }],
  ["what nobody knows", { colour: "red" }, { _tag: "InvalidRequest" }],
  ["an invalid name", { name: "--" }, { issues: [{ path: "name" }] }],
  ["an invalid port", { ports: [{ port: 0 }] }, { issues: [{ path: "ports[0].port" }] }],
  ["a login without a password", { registry: { host: "h", username: "u" } }, { issues: [{ path: "registry" }] }],
  ["values of another type", { ports: 22, env: "A=1" }, { _tag: "InvalidRequest" }]
])("refused before it is sent: %s", async (_, changes, error) => {
  const { asked, run, update } = cloud()
  await expect(run(Effect.flip(update(changes)))).resolves.toMatchObject(error)
  expect(asked).toEqual([])
})

test("the adapter gets the changes, the machine as it is, and what the ledger keeps of its launch", async () => {
  const { asked, provider, run, update } = cloud()
  await run(update({ registry: null }))
  await run(provider.launch({ offer, name: "job" }))
  await run(update({ env: { A: "1" }, registry: null }))
  expect(asked).toMatchObject([
    [{ id: "m1", native: { state: "up" }, launch: null }, { registry: null }],
    [{ id: "m1", launch: { name: "job", offerId: "o1" } }, { env: { A: "1" } }]
  ])
})
