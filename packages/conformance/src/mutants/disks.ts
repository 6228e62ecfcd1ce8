import { type AnyProvider, attempt, type LaunchSpec, Listing, type Volume, zero } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Mutant, mutant } from "./mutant.ts"

const volumesOf = (provider: AnyProvider) => attempt(provider, "volumes")

const showing = (provider: AnyProvider, see: (disks: ReadonlyArray<Volume>) => ReadonlyArray<Volume>) => ({
  volumes: () => Effect.map(volumesOf(provider), (all) => all.with(see(all.items)))
})

const launching = (provider: AnyProvider, change: (spec: LaunchSpec) => LaunchSpec) => ({
  launch: (spec: LaunchSpec) => provider.launch(change(spec))
})

/** Launches without the disk where the cloud does not take it. */
const withoutWhatIsRefused = (provider: AnyProvider) => ({
  launch: ({ attach, ...spec }: LaunchSpec) =>
    Effect.catch(provider.launch({ ...spec, ...(attach && { attach }) }), () => provider.launch(spec))
})

const ofVolumes = ["volumes"] as const

/** A mutant of the launch option `attach`. */
const attaching = (...parts: Parameters<typeof mutant>): Mutant => ({
  ...mutant(...parts),
  ...{ ops: ofVolumes, anyOption: ["attach"] }
})

const all = "disks: every disk is listed once, with its place and with what it costs"

/** Disks that are lost sight of, made up, or left out. */
export const diskMutants: ReadonlyArray<Mutant> = [
  mutant(
    "leaves a page of disks out",
    all,
    "Says that its list is whole, and shows a part: a disk costs on, and nobody sees it.",
    (provider) => showing(provider, (disks) => disks.slice(1)),
    ofVolumes
  ),
  mutant(
    "leaves out what a disk costs",
    all,
    "Says that nobody knows what is known, and that what nobody knows is free.",
    (provider) =>
      showing(provider, (disks) =>
        disks.map((disk) => ({ ...disk, pricePerHour: disk.pricePerHour === null ? zero() : null }))
      ),
    ofVolumes
  ),
  mutant(
    "puts disks elsewhere",
    all,
    "Names another place: a machine is rented where the disk is not.",
    (provider) =>
      showing(provider, (disks) =>
        disks.map((disk) => ({ ...disk, location: { ...disk.location, region: "elsewhere-1" } }))
      ),
    ofVolumes
  ),
  mutant(
    "an unreadable list of disks is empty",
    "disks: a list of disks that cannot be read never looks empty",
    "Takes a failure for an account without disks.",
    (provider) => ({
      volumes: () =>
        Effect.catch(volumesOf(provider), () =>
          Effect.map(DateTime.now, (observedAt) => Listing.read({ items: [], observedAt, problems: [] }))
        )
    }),
    ofVolumes
  ),
  attaching(
    "drops the disk",
    "disks: a machine gets the disk that its launch names, and the list says so",
    "Rents the machine without the disk that was asked for, and says nothing.",
    (provider) => launching(provider, ({ attach: _, ...spec }) => spec)
  ),
  attaching(
    "sends a disk of another place all the same",
    "disks: a disk in another place than the offer is refused before any request",
    "Leaves it to the cloud to find out that disk and machine stand apart.",
    (provider) =>
      launching(provider, (spec) => ({
        ...spec,
        ...(spec.attach && { attach: spec.attach.map((disk) => ({ ...disk, region: spec.offer.location.region })) })
      }))
  ),
  attaching(
    "drops a disk that is not there",
    "disks: a disk that the account has not makes nothing",
    "Rents the machine without the disk when the cloud does not take it.",
    withoutWhatIsRefused
  ),
  attaching(
    "drops a disk that stands elsewhere",
    "disks: a disk whose place a launch does not say is the machine's, or nothing is made",
    "Rents the machine without the disk when it turns out to stand elsewhere.",
    withoutWhatIsRefused
  )
]
