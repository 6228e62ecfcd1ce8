import {
  type AnyProvider,
  type GpuError,
  type Instance,
  type InstanceRef,
  type LaunchSpec,
  type Ledger,
  memoryLedger,
  type Offer,
  type OfferFilter,
  type Status,
  waitForStatus,
  waitUntilReady
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { check, fail, show } from "./check.ts"
import { checkError, checkInstance } from "./common.ts"
import type { CloudControls, ControlName } from "./controls.ts"
import type { SentRequest, TrueMachine, World } from "./harness.ts"
import { type Process, startProcess, type WallClock } from "./process.ts"
import { secretsOf } from "./secrets.ts"

type ErrorOf<Tag extends GpuError["_tag"]> = Extract<GpuError, { readonly _tag: Tag }>

/** What a test works with: a world, a process of the user's on it, and a ledger that outlives the process. */
export interface TestContext {
  readonly world: World
  readonly provider: AnyProvider
  readonly process: Process
  /** The ledger below all processes, without hooks. */
  readonly ledger: Ledger
  /** Every value that must not be shown. */
  readonly secrets: () => ReadonlyArray<string>
  /** Runs to whatever end. */
  run<A, E>(effect: Effect.Effect<A, E>, signal?: AbortSignal): Promise<Exit.Exit<A, E>>
  /** Runs; the test fails when the effect does. */
  ok<A>(effect: Effect.Effect<A, GpuError>): Promise<A>
  /** Runs; the test fails unless the effect fails with one of these errors, well formed. */
  fails<Tag extends GpuError["_tag"]>(effect: Effect.Effect<unknown, GpuError>, ...tags: Tag[]): Promise<ErrorOf<Tag>>
  /** What reaches the cloud while `during` runs. */
  sent(during: () => Promise<unknown>): Promise<ReadonlyArray<SentRequest>>
  /** A new process on the same ledger; the one before is dead. */
  restart(): void
  /** A second process beside it, on the same ledger and computer; with another key where one is given. */
  another(secret?: string): Process
  /** Sets the computer's wall clock forward by so many milliseconds, or back; no time passes. */
  jump(ms: number): void
  /** The cheapest offer that can be had. */
  offer(filter?: OfferFilter): Promise<Offer>
  /** A rich launch on it. */
  spec(): Promise<LaunchSpec>
  launch(more?: Partial<LaunchSpec>): Promise<Instance>
  /** A machine that is up and reachable. */
  ready(more?: Partial<LaunchSpec>): Promise<Instance>
  reaches(ref: InstanceRef, status: Status): Promise<Instance>
  get(ref: InstanceRef): Promise<Instance>
  /** The machines that exist in truth. */
  alive(): ReadonlyArray<TrueMachine>
  truth(id: string): TrueMachine | undefined
  /** A control that the test said it needs. */
  control<Name extends ControlName>(name: Name): CloudControls[Name]
  pass(ms: number): Promise<void>
  /** Lets so much time pass that a machine that is not shown is not merely too new to be shown. */
  mature(): Promise<void>
}

const endOf = (cause: Cause.Cause<unknown>): string =>
  Cause.hasInterruptsOnly(cause) ? "it was interrupted" : show(Cause.squash(cause))

const launchable = (offer: Offer): boolean => offer.pricePerHour !== null && offer.availability !== "unavailable"

/** A context on a world. */
export const makeContext = (world: World): TestContext => {
  const ledger = memoryLedger()
  const specs: LaunchSpec[] = []
  const wall: WallClock = { ahead: 0 }
  let process = startProcess(world, ledger, wall)

  const secrets = () => [world.secret, ...specs.flatMap(secretsOf)]
  const run: TestContext["run"] = (effect, signal) => process.run(effect, signal)

  const ok: TestContext["ok"] = async (effect) => {
    const exit = await run(effect)
    return Exit.isSuccess(exit) ? exit.value : fail(`it should have succeeded: ${endOf(exit.cause)}`)
  }

  const fails: TestContext["fails"] = async <Tag extends GpuError["_tag"]>(
    effect: Effect.Effect<unknown, GpuError>,
    ...tags: Tag[]
  ) => {
    const exit = await run(effect)
    const wanted = tags.join(" or ") || "an error"
    if (Exit.isSuccess(exit)) return fail(`it should have failed with ${wanted}; it answered ${show(exit.value)}`)
    const found = Cause.findError(exit.cause)
    if (Result.isFailure(found)) return fail(`it should have failed with ${wanted}, not: ${endOf(exit.cause)}`)
    const error = found.success
    checkError(error, process.provider, secrets())
    const match = tags.length === 0 || tags.some((tag) => tag === error._tag)
    check(match, `it should have failed with ${wanted}, not ${error._tag}: ${error.message}`)
    return error as ErrorOf<Tag>
  }

  const offer: TestContext["offer"] = async (filter) => {
    const listing = await ok(process.provider.offers(filter))
    return listing.items.find(launchable) ?? fail("the cloud must have an offer with a price to test with")
  }

  const spec = async (): Promise<LaunchSpec> => {
    const made = world.spec(await offer())
    specs.push(made)
    return made
  }

  const seen = (instance: Instance): Instance => {
    checkInstance(instance, process.provider, secrets())
    return instance
  }

  const launch: TestContext["launch"] = async (more) => {
    const whole = { ...(await spec()), ...more }
    return seen(await ok(process.provider.launch(whole)))
  }

  const pass = async (ms: number): Promise<void> => {
    await run(Effect.sleep(ms))
  }

  return {
    world,
    ledger,
    get provider() {
      return process.provider
    },
    get process() {
      return process
    },
    secrets,
    run,
    ok,
    fails,
    sent: async (during) => {
      const before = world.requests().length
      await during()
      return world.requests().slice(before)
    },
    restart: () => {
      process.kill()
      process = startProcess(world, ledger, wall)
    },
    another: (secret) => startProcess(world, ledger, wall, secret),
    jump: (ms) => {
      wall.ahead += ms
    },
    offer,
    spec,
    launch,
    ready: async (more) => {
      const { ref } = await launch(more)
      return seen(await ok(waitUntilReady(process.provider, ref)))
    },
    reaches: async (ref, status) => seen(await ok(waitForStatus(process.provider, ref, status))),
    get: async (ref) => seen(await ok(process.provider.get(ref))),
    alive: () => world.machines().filter(({ alive }) => alive),
    truth: (id) => world.machines().find((machine) => machine.id === id),
    control: (name) => {
      const control = world.controls[name]
      check(control, `the test uses the control ${name} without saying that it needs it`)
      return control as CloudControls[typeof name]
    },
    pass,
    mature: () => pass(Duration.toMillis(process.provider.timing.appearWithin) + 1000)
  }
}
