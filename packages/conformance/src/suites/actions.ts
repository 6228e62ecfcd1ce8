import {
  type Action,
  attempt,
  type Instance,
  type InstanceRef,
  isReady,
  ProviderFault,
  plainName,
  splitMarker,
  type UpdateOption,
  waitUntilReady
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { argumentsFor, someChanges } from "../arguments.ts"
import { exist, refusedUnchanged, refusedUnsent } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, fail, notApplicable, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { missingFrom } from "../traces.ts"

const actions = suite("actions")
const start = suite("start")
const stop = suite("stop")
const restart = suite("restart action")
const rename = suite("rename")
const update = suite("update")

/** Calls every action that the provider has and the machine's status forbids; answers how many. */
const forbidden = async (bench: Bench, instance: Instance): Promise<number> => {
  const { provider } = bench
  const machineOps = [...provider.capabilities].filter((op) =>
    provider.lifecycle.rows.some((row) => row.actions.some((action) => action === op))
  ) as ReadonlyArray<Exclude<Action, "terminate">>
  const illegal = machineOps.filter((op) => !instance.actions.includes(op))
  for (const op of illegal) {
    const call = attempt(provider, op, ...argumentsFor(op, instance.ref, bench.world))
    const error = await refusedUnchanged(bench, call, "IllegalAction")
    same([error.action, error.status], [op, instance.status], "action and status in the error")
    same(error.legal, instance.actions, "what the error says is legal")
    for (const action of instance.actions) {
      check(error.message.includes(action), `the message does not name ${action}: ${error.message}`)
    }
  }
  return illegal.length
}

const stopped = async (bench: Bench): Promise<InstanceRef> => {
  const { ref } = await bench.ready()
  await bench.ok(attempt(bench.provider, "stop", ref))
  await bench.reaches(ref, "stopped")
  return ref
}

/** A machine that is up and can be renamed. */
const renamable = async (bench: Bench): Promise<Instance> => {
  const spec = bench.world.specToRename?.(await bench.offer()) ?? (await bench.spec())
  const { ref } = await bench.ok(bench.provider.launch(spec))
  return bench.ok(waitUntilReady(bench.provider, ref))
}

/**
 * The machine once its new name shows, of which a cloud may keep the first letters only; as it is when that takes longer
 * than a boot. Some clouds change a machine in their own time: what they answer at once is the old one.
 */
const called = async (bench: Bench, ref: InstanceRef, name: string | null): Promise<Instance> => {
  const { pollEvery, bootWithin } = bench.provider.timing
  const until = bench.world.time.now() + Duration.toMillis(bootWithin)
  let instance = await bench.get(ref)
  while (name !== null && !(instance.name && name.startsWith(instance.name)) && bench.world.time.now() < until) {
    await bench.pass(Duration.toMillis(pollEvery))
    instance = await bench.get(ref)
  }
  return instance
}

/** What may be done in a status, and nothing else. */
export const actionSuite: ReadonlyArray<Entry> = [
  actions("an illegal one is IllegalAction with the legal ones, and changes nothing", async (bench) => {
    const running = await forbidden(bench, await bench.ready())
    const halted = bench.provider.capabilities.has("stop")
      ? await forbidden(bench, await bench.get(await stopped(bench)))
      : 0
    if (running + halted === 0) notApplicable("no action is illegal in any status that can be reached")
  }),
  actions("on a machine that is gone they are NotFound or IllegalAction, and change nothing", async (bench) => {
    const { ref, actions: legal } = await bench.ready()
    await bench.ok(bench.provider.terminate(ref))
    for (const op of legal) {
      if (op === "terminate") continue
      const call = attempt(bench.provider, op, ...argumentsFor(op, ref, bench.world))
      await refusedUnchanged(bench, call, "NotFound", "IllegalAction")
    }
  }),
  stop(
    "the machine is halted in truth, and says what it costs",
    async (bench) => {
      const { ref } = await bench.ready()
      const { status } = await bench.ok(attempt(bench.provider, "stop", ref))
      const told = "facts has to tell a stop that was asked for, and the table needs a row for it"
      check(status === "stopping" || status === "stopped", `right after the stop it is ${status}: ${told}`)
      const { billing, reason } = await bench.reaches(ref, "stopped")
      check(bench.truth(ref.id)?.alive, "the machine is gone")
      check(!bench.truth(ref.id)?.running, "the machine still runs, and costs")
      check(billing !== "compute", "a stopped machine is said to cost compute")
      check(reason === null, `a stop that we asked for is said to be ${reason}`)
    },
    { ops: ["stop"] }
  ),
  stop(
    "nothing is stopped when the ledger cannot be written",
    async (bench) => {
      const { ref } = await bench.ready()
      bench.process.watched.before.intend = Effect.fail(
        new ProviderFault({ message: "the ledger's disk is full", retry: "permanent" })
      )
      await refusedUnchanged(bench, attempt(bench.provider, "stop", ref), "ProviderFault")
    },
    { ops: ["stop"] }
  ),
  start(
    "a stopped machine runs again",
    async (bench) => {
      const ref = await stopped(bench)
      const { status } = await bench.ok(attempt(bench.provider, "start", ref))
      const told = "facts has to tell a start that was asked for, and the table needs a row for it"
      check(status !== "stopped", `right after the start it is stopped: ${told}`)
      check(isReady(await bench.ok(waitUntilStarted(bench, ref))), "it is not ready")
      check(bench.truth(ref.id)?.running, "it does not run in truth")
      exist(bench, 1, "after a start")
    },
    { ops: ["start", "stop"] }
  ),
  restart(
    "the same machine is up again",
    async (bench) => {
      const { ref } = await bench.ready()
      const sent = await bench.sent(() => bench.ok(attempt(bench.provider, "restart", ref)))
      const changes = sent.filter(({ mutating }) => mutating).map(({ method, path }) => `${method} ${path}`)
      check(changes.length > 0, "nothing was sent that restarts it")
      same(new Set(changes).size, changes.length, "different requests among those that restart it")
      check(isReady(await bench.ok(waitUntilStarted(bench, ref))), "it is not ready")
      exist(bench, 1, "after a restart")
    },
    { ops: ["restart"] }
  ),
  rename(
    "the name shows, and the marker stays",
    async (bench) => {
      const { ref, marker, name } = await renamable(bench)
      const renamed = await bench.ok(attempt(bench.provider, "rename", ref, "renamed"))
      check(
        // Not in the letters of the old name either way: some clouds change a machine in their own time.
        renamed.name === "renamed" ||
          (renamed.name !== null && name !== null && plainName(name).startsWith(plainName(renamed.name))),
        `right after the rename it is called "${renamed.name}"`
      )
      same(renamed.marker, marker, "the marker right after the rename")
      const after = await called(bench, ref, "renamed")
      same([after.name, after.marker], ["renamed", marker], "name and marker")
      const label = bench.truth(ref.id)?.name ?? ""
      same(splitMarker(label), { name: "renamed", marker }, "what the cloud calls it")
    },
    { ops: ["rename"] }
  ),
  rename(
    "an empty name is InvalidRequest and changes nothing",
    async (bench) => {
      const { ref } = await bench.ready()
      await refusedUnsent(bench, attempt(bench.provider, "rename", ref, " "), "InvalidRequest")
    },
    { ops: ["rename"] }
  ),
  update(
    "what is declared reaches the cloud, and the machine stays the same one",
    async (bench) => {
      const changes = bench.world.changes ?? fail("a provider that can update needs `changes` in its harness")
      same(
        [...bench.provider.updateOptions].filter((option) => option !== "closePorts" && !(option in changes)),
        [],
        "what can be changed and is not among the harness's changes"
      )
      const { ref, marker } = await bench.ready()
      const sent = await bench.sent(() => bench.ok(attempt(bench.provider, "update", ref, changes)))
      same(missingFrom(sent, changes), [], "what was changed and is in no request")
      const after = await called(bench, ref, changes.name ?? null)
      same(after.marker, marker, "the marker after an update")
      if (changes.name !== undefined) {
        check(after.name !== null && changes.name.startsWith(after.name), `it is called "${after.name}" afterwards`)
      }
      exist(bench, 1, "after an update")
    },
    { ops: ["update"] }
  ),
  update(
    "what it cannot change is Unsupported, and nothing and nonsense are InvalidRequest; nothing is sent",
    async (bench) => {
      const { ref } = await bench.ready()
      for (const [option, value] of Object.entries(someChanges)) {
        if (bench.provider.updateOptions.has(option as UpdateOption)) continue
        const call = attempt(bench.provider, "update", ref, { [option]: value })
        const { feature } = await refusedUnsent(bench, call, "Unsupported")
        same(feature, option, "the feature that the error names")
      }
      const nonsense: ReadonlyArray<object> = [{}, { colour: "red" }]
      for (const changes of nonsense) {
        await refusedUnsent(bench, attempt(bench.provider, "update", ref, changes), "InvalidRequest")
      }
    },
    { ops: ["update"] }
  )
]

const waitUntilStarted = ({ provider }: Bench, ref: InstanceRef) => waitUntilReady(provider, ref)
