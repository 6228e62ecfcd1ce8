import { CurrentLedger, type LaunchSpec, type Ledger, memoryLedger, waitUntilReady } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Mutant, mutant, seeing } from "./mutant.ts"

const onLedger = <A, E>(effect: Effect.Effect<A, E>, change: (ledger: Ledger) => Ledger): Effect.Effect<A, E> =>
  Effect.flatMap(CurrentLedger, (ledger) => Effect.provideService(effect, CurrentLedger, change(ledger)))

/** A ledger that grants every claim, also of a launch that somebody else gave up. */
const stubborn = (ledger: Ledger): Ledger => ({
  ...ledger,
  claimLaunch: (marker, fence, at) =>
    Effect.flatMap(ledger.claimLaunch(marker, fence, at), (claimed) =>
      claimed ? Effect.succeed(claimed) : Effect.map(ledger.launches({ marker }), ([record]) => record ?? null)
    )
})

/** Launches and ends that cost their users money. */
export const moneyMutants: ReadonlyArray<Mutant> = [
  mutant(
    "double create",
    "launch: one launch makes exactly one machine",
    "Sends every create twice: two machines are paid for one launch.",
    (provider) => ({
      launch: (spec) => Effect.andThen(provider.launch(spec), provider.launch(spec))
    })
  ),
  mutant(
    "blind resend",
    "safe launch: request lost before the effect: nothing is sent again blindly",
    "Sends a create again when its answer was lost, without looking for the machine.",
    (provider) => ({
      launch: (spec) =>
        provider
          .launch(spec)
          .pipe(Effect.catchTag(["Network", "Timeout", "ProviderFault"], () => provider.launch(spec)))
    })
  ),
  mutant(
    "prices another disk",
    "money: the price of an offer is that of the disk it names",
    "Names the disk that the host has free beside the price of a small one: a hundred times the disk seems paid.",
    (provider) => ({
      offers: (filter) =>
        Effect.map(provider.offers(filter), (found) =>
          found.with(found.items.map((offer) => ({ ...offer, diskMiB: (offer.diskMiB ?? 10_240) * 100 })))
        )
    })
  ),
  mutant(
    "rents less than was priced",
    "money: a launch that names no disk gets the one in its offer's price",
    "Launches with a small disk on an offer that was asked for, and priced, with a large one.",
    (provider) =>
      provider.launchOptions.has("diskMiB")
        ? { launch: (spec) => provider.launch({ ...spec, diskMiB: spec.diskMiB ?? 1_024 }) }
        : seeing(provider, (one) => ({ ...one, storageMiB: one.storageMiB && one.storageMiB >> 1 }))
  ),
  mutant(
    "forgets the ledger",
    "launch: the ledger has it before the request leaves",
    "Launches without writing it down: a crash loses the machine.",
    (provider) => ({
      launch: (spec) => Effect.provideService(provider.launch(spec), CurrentLedger, memoryLedger())
    })
  ),
  mutant(
    "ignores the launch key",
    "launch: the same key twice is one machine",
    "Rents again for a launch that was made already.",
    (provider) => ({
      launch: ({ key: _, ...spec }) => provider.launch(spec)
    })
  ),
  mutant(
    "sends what was given up",
    "safe launch: frozen after it wrote its launch, and another one launches under its key: one machine, and both know it",
    "Goes on after a sleep as if nothing had happened: another process has launched under its key by then.",
    (provider) => ({
      launch: (spec) => onLedger(provider.launch(spec), stubborn)
    })
  ),
  mutant(
    "keeps what it lost",
    "safe launch: frozen after it wrote its launch, and another one launches under its key: one machine, and both know it",
    "Sends what was given up, and keeps the machine that came of it beside the other one.",
    (provider) => ({
      launch: (spec) =>
        onLedger(provider.launch(spec), (ledger) => ({
          ...stubborn(ledger),
          settleLaunch: (marker, outcome) =>
            Effect.map(ledger.settleLaunch(marker, outcome), (record) =>
              outcome.state === "created" && outcome.instanceId !== undefined
                ? { ...record, state: "created", instanceId: outcome.instanceId }
                : record
            )
        }))
    })
  ),
  mutant(
    "ignores maxPerHour",
    "refusals: an offer above maxPerHour is OutOfFunds and sends nothing",
    "Rents what is dearer than the caller's limit.",
    (provider) => ({
      launch: ({ maxPerHour: _, ...spec }) => provider.launch(spec)
    })
  ),
  mutant(
    "rents at any price",
    "refusals: an unknown price is refused unless it is allowed",
    "Launches although nobody knows what it costs.",
    (provider) => ({
      launch: (spec) => provider.launch({ ...spec, allowUnknownPrice: true })
    })
  ),
  mutant(
    "launch waits until it runs",
    "launch: it returns before the machine runs",
    "Gives the handle only when the machine is up: a boot that never ends loses it.",
    (provider) => ({
      launch: (spec) => provider.launch(spec).pipe(Effect.flatMap(({ ref }) => waitUntilReady(provider, ref)))
    })
  ),
  mutant(
    "uninterruptible launch",
    "safe launch: interrupted while the request is under way, it ends what it made",
    "Goes on behind the caller's back after an interruption, and keeps the machine.",
    (provider) => ({
      launch: (spec) => Effect.uninterruptible(provider.launch(spec))
    })
  ),
  mutant(
    "recovers nothing",
    "restart: a crash after the answer, before the ledger knew: recover() adopts it",
    "Reports that nothing is open after a crash: the machine costs on, unseen.",
    () => ({
      recover: () => Effect.succeed({ adopted: [], absent: [], unsettled: [], late: [] })
    })
  ),
  mutant(
    "drops a launch option",
    "launch: every option reaches the cloud",
    "Accepts env and ssh keys and does not send them.",
    (provider) => ({
      launch: ({ env: _, sshKeys: __, ...spec }) => provider.launch(spec)
    })
  ),
  mutant(
    "drops options nobody knows",
    "refusals: an option that nobody knows is InvalidRequest and sends nothing",
    "Ignores a misspelt option, and rents something else than was meant.",
    (provider) => ({
      launch: (spec) => {
        const known = Object.entries(spec).filter(([name]) => name !== "gpuBoost")
        return provider.launch(Object.fromEntries(known) as unknown as LaunchSpec)
      }
    })
  ),
  mutant(
    "other costs of a stop",
    "money: a stopped machine costs what the terms say",
    "Says that a stop saves the compute where it does not, or the other way round: people leave machines that cost in full.",
    (provider) => ({
      offers: (filter) =>
        Effect.map(provider.offers(filter), (all) =>
          all.with(
            all.items.map((offer) => {
              if (!offer.terms) return offer
              const { whileStopped, ...compute } = offer.terms.compute
              return {
                ...offer,
                terms: { ...offer.terms, compute: whileStopped ? compute : { ...compute, whileStopped: true } }
              }
            })
          )
        )
    })
  ),
  mutant(
    "terminate that does not verify",
    "terminate: a machine that stays is a Timeout that names it",
    "Believes the cloud's word for the end: the machine stays and costs.",
    (provider) => ({
      terminate: (ref, options) =>
        provider
          .terminate(ref, { ...options, within: 0 })
          .pipe(
            Effect.catchTag("Timeout", () =>
              Effect.map(DateTime.now, (observedAt) => ({ ref, alreadyGone: false, leftovers: [], observedAt }))
            )
          )
    })
  ),
  mutant(
    "end that passes over volumes",
    "terminate: volumes that a launch made are deleted where that is asked for, and refused unsent where none are kept",
    "Leaves volumes that were to be deleted: they cost on.",
    (provider) => ({
      terminate: (ref, { volumes: _, ...options } = {}) => provider.terminate(ref, options)
    })
  ),
  mutant(
    "terminate that forgets",
    "terminate: the machine is gone in truth, and in the ledger",
    "Reports an end without asking for one.",
    () => ({
      terminate: (ref) =>
        Effect.map(DateTime.now, (observedAt) => ({ ref, alreadyGone: false, leftovers: [], observedAt }))
    })
  ),
  mutant(
    "terminate that fails when it is done",
    "terminate: a machine that nobody has is success",
    "Treats a machine that is gone already as an error: cleaning up never ends.",
    (provider) => ({
      terminate: (ref, options) => Effect.andThen(provider.get(ref), provider.terminate(ref, options))
    })
  )
]
