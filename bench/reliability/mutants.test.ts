import { type AnyProvider, CurrentLedger, type Instance, type Listing, memoryLedger, type Offer } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import type { Contender } from "./contender.ts"
import { anygpu } from "./ours.ts"
import { tellFailure } from "./report.ts"
import { type Outcome, runOne } from "./run.ts"
import { weatherOf } from "./weather.test-support.ts"

/** As many runs as it may take until a fault meets what is broken. */
const patience = 300

type Overrides = Partial<AnyProvider>

const seeing = (provider: AnyProvider, see: (instance: Instance) => Instance): Overrides => ({
  launch: (spec) => Effect.map(provider.launch(spec), see),
  get: (ref) => Effect.map(provider.get(ref), see),
  list: () => Effect.map(provider.list(), (listing): Listing<Instance> => listing.with(listing.items.map(see)))
})

const cheaper = (offer: Offer): Offer => {
  if (!offer.terms) return offer
  const { compute, ...terms } = offer.terms
  const perHour = { ...compute.perHour, micros: compute.perHour.micros - 1 }
  return { ...offer, terms: { ...terms, compute: { ...compute, perHour } } }
}

/** Writes launches off whose outcome is not known yet. */
const writeOff = ({ provider, kind }: AnyProvider) =>
  Effect.flatMap(CurrentLedger, (ledger) =>
    Effect.flatMap(ledger.launches({ provider, kind, states: ["open", "unsettled", "absent"] }), (launches) =>
      Effect.forEach(launches, ({ marker }) => ledger.settleLaunch(marker, { state: "refused", note: "written off" }))
    )
  )

/** Providers that are broken on purpose, and what the run has to say of them. */
const broken: Readonly<Record<string, readonly [says: RegExp, overrides: (provider: AnyProvider) => Overrides]>> = {
  "rents again what was rented under the same key": [
    /machines at once|machines paid for|nobody knew of/,
    (provider) => ({ launch: ({ key: _, ...spec }) => provider.launch(spec) })
  ],
  "sends a create again when its answer was lost": [
    /machines at once|machines paid for|nobody knew of/,
    (provider) => ({
      launch: (spec) =>
        Effect.catchTag(provider.launch(spec), ["Network", "Timeout", "ProviderFault", "LaunchUnsettled"], () => {
          const { key: _, ...again } = spec
          return provider.launch(again)
        })
    })
  ],
  "says too early that a launch made nothing": [
    /machines at once|machines paid for|nobody knew of/,
    (provider) => ({
      launch: (spec) => Effect.andThen(writeOff(provider), provider.launch(spec)),
      recover: () => Effect.andThen(writeOff(provider), provider.recover())
    })
  ],
  "keeps launches in its own memory": [
    /machines at once|machines paid for|nobody knew of|known to nobody|unclaimed/,
    (provider) => {
      const memory = memoryLedger()
      return { launch: (spec) => Effect.provideService(provider.launch(spec), CurrentLedger, memory) }
    }
  ],
  "takes an end for done that was never asked for": [
    /still there|after its job was over/,
    (provider) => ({
      terminate: (ref) =>
        Effect.map(provider.get(ref), ({ observedAt }) => ({ ref, alreadyGone: false, leftovers: [], observedAt }))
    })
  ],
  "says that what boots runs": [
    /was said to run/,
    (provider) =>
      seeing(provider, (instance) =>
        instance.status === "provisioning" ? { ...instance, status: "running" as const } : instance
      )
  ]
}

const breaking = (overrides: (provider: AnyProvider) => Overrides) =>
  anygpu((provider) => ({ ...provider, ...overrides(provider) }))

const contenders = [
  ...Object.entries(broken).map(([name, [says, overrides]]) => ({ name, says, contender: breaking(overrides) })),
  {
    name: "tells a price that is a millionth too low",
    says: /is estimated at/,
    contender: { ...anygpu(), reads: cheaper }
  }
]

const firstBad = async (contender: Contender): Promise<Outcome | undefined> => {
  for (let seed = 1; seed <= patience; seed++) {
    const outcome = await runOne(seed, contender, weatherOf)
    if (outcome.violations.length > 0) return outcome
  }
  return undefined
}

it.each(contenders)("catches a provider that $name", { timeout: 300_000 }, async ({ says, contender }) => {
  const outcome = await firstBad(contender)
  expect(outcome?.violations.join("\n")).toMatch(says)
  if (!outcome) return
  const told = tellFailure(contender.name, outcome)
  expect(told).toContain(`--seed ${outcome.seed} --runs 1`)
  expect((await runOne(outcome.seed, contender, weatherOf)).violations).toEqual(outcome.violations)
})
