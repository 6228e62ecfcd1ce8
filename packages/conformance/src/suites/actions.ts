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
import { check, fail, notApplicable, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"
import { missingFrom } from "../traces.ts"

const actions = suite("actions")
const start = suite("start")
const stop = suite("stop")
const restart = suite("restart action")
const rename = suite("rename")
const update = suite("update")

/** Calls every action that the provider has and the machine's status forbids; answers how many. */
const forbidden = async (context: TestContext, instance: Instance): Promise<number> => {
  const { provider } = context
  const machineOps = [...provider.capabilities].filter((op) =>
    provider.lifecycle.rows.some((row) => row.actions.some((action) => action === op))
  ) as ReadonlyArray<Exclude<Action, "terminate">>
  const illegal = machineOps.filter((op) => !instance.actions.includes(op))
  for (const op of illegal) {
    const call = attempt(provider, op, ...argumentsFor(op, instance.ref, context.world))
    const error = await refusedUnchanged(context, call, "IllegalAction")
    same([error.action, error.status], [op, instance.status], "action and status in the error")
    same(error.legal, instance.actions, "what the error says is legal")
    for (const action of instance.actions) {
      check(error.message.includes(action), `the message does not name ${action}: ${error.message}`)
    }
  }
  return illegal.length
}

const stopped = async (context: TestContext): Promise<InstanceRef> => {
  const { ref } = await context.ready()
  await context.ok(attempt(context.provider, "stop", ref))
  await context.reaches(ref, "stopped")
  return ref
}

/** A machine on which an action is legal: one that is up, or a stopped one where machines are changed only then. */
const changeable = async (context: TestContext, action: "rename" | "update"): Promise<Instance> => {
  const toRename = action === "rename" && context.world.specToRename?.(await context.offer())
  const { ref } = await context.ok(context.provider.launch(toRename || (await context.spec())))
  const ready = await context.ok(waitUntilReady(context.provider, ref))
  if (ready.actions.includes(action) || !context.provider.capabilities.has("stop")) return ready
  await context.ok(attempt(context.provider, "stop", ref))
  return context.reaches(ref, "stopped")
}

/**
 * The machine once its new name shows, of which a cloud may keep the first letters only; as it is when that takes longer
 * than a boot. Some clouds change a machine in their own time: what they answer at once is the old one.
 */
const called = async (context: TestContext, ref: InstanceRef, name: string | null): Promise<Instance> => {
  const { pollEvery, bootWithin } = context.provider.timing
  const until = context.world.time.now() + Duration.toMillis(bootWithin)
  let instance = await context.get(ref)
  while (name !== null && !(instance.name && name.startsWith(instance.name)) && context.world.time.now() < until) {
    await context.pass(Duration.toMillis(pollEvery))
    instance = await context.get(ref)
  }
  return instance
}

/** What may be done in a status, and nothing else. */
export const actionSuite: ReadonlyArray<Entry> = [
  actions("an illegal one is IllegalAction with the legal ones, and changes nothing", async (context) => {
    const running = await forbidden(context, await context.ready())
    const halted = context.provider.capabilities.has("stop")
      ? await forbidden(context, await context.get(await stopped(context)))
      : 0
    if (running + halted === 0) notApplicable("no action is illegal in any status that can be reached")
  }),
  actions("on a machine that is gone they are NotFound or IllegalAction, and change nothing", async (context) => {
    const { ref, actions: legal } = await context.ready()
    await context.ok(context.provider.terminate(ref))
    for (const op of legal) {
      if (op === "terminate") continue
      const call = attempt(context.provider, op, ...argumentsFor(op, ref, context.world))
      await refusedUnchanged(context, call, "NotFound", "IllegalAction")
    }
  }),
  stop(
    "the machine is halted in truth, and says what it costs",
    async (context) => {
      const { ref } = await context.ready()
      const { status } = await context.ok(attempt(context.provider, "stop", ref))
      const advice = "facts must mark a requested stop, and the table needs a row for it"
      check(status === "stopping" || status === "stopped", `right after the stop it is ${status}: ${advice}`)
      const { billing, reason } = await context.reaches(ref, "stopped")
      check(context.truth(ref.id)?.alive, "the machine is gone")
      check(!context.truth(ref.id)?.running, "the machine still runs, and costs")
      const { items: offers } = await context.ok(context.provider.offers())
      const isCharged = offers.some(({ terms }) => terms?.compute.whileStopped)
      same(billing === "compute", isCharged, "whether it is said to cost compute, against the terms of offers")
      check(reason === null, `a stop that we asked for is said to be ${reason}`)
    },
    { ops: ["stop"] }
  ),
  stop(
    "nothing is stopped when the ledger cannot be written",
    async (context) => {
      const { ref } = await context.ready()
      context.process.watched.before.intend = Effect.fail(
        new ProviderFault({ message: "the ledger's disk is full", retry: "permanent" })
      )
      await refusedUnchanged(context, attempt(context.provider, "stop", ref), "ProviderFault")
    },
    { ops: ["stop"] }
  ),
  start(
    "a stopped machine runs again",
    async (context) => {
      const ref = await stopped(context)
      const { status } = await context.ok(attempt(context.provider, "start", ref))
      const advice = "facts must mark a requested start, and the table needs a row for it"
      check(status !== "stopped", `right after the start it is stopped: ${advice}`)
      check(isReady(await context.ok(waitUntilStarted(context, ref))), "it is not ready")
      check(context.truth(ref.id)?.running, "it does not run in truth")
      exist(context, 1, "after a start")
    },
    { ops: ["start", "stop"] }
  ),
  restart(
    "the same machine is up again",
    async (context) => {
      const { ref } = await context.ready()
      const sent = await context.sent(() => context.ok(attempt(context.provider, "restart", ref)))
      const changes = sent.filter(({ mutating }) => mutating).map(({ method, path }) => `${method} ${path}`)
      check(changes.length > 0, "nothing was sent that restarts it")
      same(new Set(changes).size, changes.length, "different requests among those that restart it")
      check(isReady(await context.ok(waitUntilStarted(context, ref))), "it is not ready")
      exist(context, 1, "after a restart")
    },
    { ops: ["restart"] }
  ),
  rename(
    "the name shows, and the marker stays",
    async (context) => {
      const { ref, marker, name } = await changeable(context, "rename")
      const renamed = await context.ok(attempt(context.provider, "rename", ref, "renamed"))
      check(
        // Not in the letters of the old name either way: some clouds change a machine in their own time.
        renamed.name === "renamed" ||
          (renamed.name !== null && name !== null && plainName(name).startsWith(plainName(renamed.name))),
        `right after the rename it is called "${renamed.name}"`
      )
      same(renamed.marker, marker, "the marker right after the rename")
      const after = await called(context, ref, "renamed")
      same([after.name, after.marker], ["renamed", marker], "name and marker")
      const label = context.truth(ref.id)?.name ?? ""
      same(splitMarker(label), { name: "renamed", marker }, "what the cloud calls it")
    },
    { ops: ["rename"] }
  ),
  rename(
    "an empty name is InvalidRequest and changes nothing",
    async (context) => {
      const { ref } = await context.ready()
      await refusedUnsent(context, attempt(context.provider, "rename", ref, " "), "InvalidRequest")
    },
    { ops: ["rename"] }
  ),
  update(
    "what is declared reaches the cloud, and the machine stays the same one",
    async (context) => {
      const changes = context.world.changes ?? fail("a provider that can update needs `changes` in its harness")
      same(
        [...context.provider.updateOptions].filter((option) => option !== "closePorts" && !(option in changes)),
        [],
        "what can be changed and is not among the harness's changes"
      )
      const { ref, marker } = await changeable(context, "update")
      const sent = await context.sent(() => context.ok(attempt(context.provider, "update", ref, changes)))
      same(missingFrom(sent, changes), [], "what was changed and is in no request")
      const after = await called(context, ref, changes.name ?? null)
      same(after.marker, marker, "the marker after an update")
      if (changes.name !== undefined) {
        check(after.name !== null && changes.name.startsWith(after.name), `it is called "${after.name}" afterwards`)
      }
      exist(context, 1, "after an update")
    },
    { ops: ["update"] }
  ),
  update(
    "what it cannot change is Unsupported, and nothing and nonsense are InvalidRequest; nothing is sent",
    async (context) => {
      const { ref } = await context.ready()
      for (const [option, value] of Object.entries(someChanges)) {
        if (context.provider.updateOptions.has(option as UpdateOption)) continue
        const call = attempt(context.provider, "update", ref, { [option]: value })
        const { feature } = await refusedUnsent(context, call, "Unsupported")
        same(feature, option, "the feature that the error names")
      }
      const nonsense: ReadonlyArray<object> = [{}, { colour: "red" }]
      for (const changes of nonsense) {
        await refusedUnsent(context, attempt(context.provider, "update", ref, changes), "InvalidRequest")
      }
    },
    { ops: ["update"] }
  )
]

const waitUntilStarted = ({ provider }: TestContext, ref: InstanceRef) => waitUntilReady(provider, ref)
