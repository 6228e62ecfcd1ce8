import type { SimulatorOptions } from "../kit/cloud.ts"
import type { Json } from "../kit/fields.ts"
import { uuidOf } from "../kit/ids.ts"
import { placeOf, type Stock } from "../kit/stock.ts"
import type * as kit from "../kit/world.ts"
import type { missingAs } from "./answers.ts"
import { types } from "./catalogue.ts"
import type { Machine } from "./machine.ts"
import type { Volume } from "./volume.ts"

/**
 * Virtual milliseconds of each phase. Four to ten minutes until a machine is active are typical; nothing else is documented.
 *
 * - `ending`: how long a machine that was deleted keeps its old word, and its bill; `deleting`: how long it stays in the list
 *   then.
 * - `check`: between two looks at `auto_delete`. One machine that users timed ended within five minutes.
 */
export interface ShadeformTimeline extends kit.Timeline {
  readonly creating: number
  readonly provider: number
  readonly pending: number
  readonly ending: number
  readonly deleting: number
  readonly check: number
}

/** What happens to a machine by itself. */
export type Step = "provider" | "pending" | "active" | "deleting" | "gone" | "due"

/**
 * What Shadeform's documents leave open, and what this simulator does about it.
 *
 * - `missing` ("error"): in which words something is not there.
 * - `deletedShown` (false): whether a machine that is gone can still be read, as `deleted`.
 * - `deletesAgain` (200): the answer to a delete of what is being deleted already.
 * - `containerStatus` (false): whether the undeclared `container_status` is there.
 * - `rentalTyped` (true): whether rows of availability say `rental_type`, which older samples lack; without it no spot is there.
 * - `recordsAutoDelete` (true): whether `auto_delete` is taken at all; false: it is answered with a 200, and forgotten.
 * - `forgetsThreshold` (false): whether a threshold that an update leaves out is kept, or removed.
 */
export interface ShadeformChoices {
  readonly missing: keyof typeof missingAs
  readonly deletedShown: boolean
  readonly deletesAgain: 200 | 404
  readonly containerStatus: boolean
  readonly rentalTyped: boolean
  readonly recordsAutoDelete: boolean
  readonly forgetsThreshold: boolean
}

/** A key of the account; Shadeform's own comes with its private half. */
export interface Key {
  readonly id: string
  readonly name: string
  readonly public_key: string
  readonly private_key: string
  is_default: boolean
}

/** Everything that changes, as plain data. */
export interface WorldState extends kit.WorldState<string, Step> {
  machines: Machine[]
  keys: Key[]
  volumes: Volume[]
  templates: (Json & { readonly id: string })[]
  /** Free machines by {@link shelfOf}. */
  free: Stock
}

/** The simulated cloud. */
export interface World extends kit.World<WorldState, ShadeformTimeline> {
  readonly choices: ShadeformChoices
}

/** Where machines of a type stand: those for spot are not those on demand. */
export const shelfOf = (cloud: string, type: string, region: string, isSpot: boolean): string =>
  placeOf(`${cloud}/${type}${isSpot ? " spot" : ""}`, region)

/** What a simulated Shadeform starts from: $100 in the wallet, and `sf_sim_0123456789abcdef` as its key unless options say else. */
export interface ShadeformSimulatorOptions extends SimulatorOptions<ShadeformTimeline> {
  /** The least free machines of each type and region at first (default 4). */
  readonly stock?: number
  /** What the documents leave open. */
  readonly choices?: Partial<ShadeformChoices>
}

const freeAtFirst = ({ integer }: kit.World["random"], most: number): Stock =>
  Object.fromEntries(
    types.flatMap(({ cloud, name, places }) =>
      places.flatMap(({ region, spot }) =>
        (spot === null ? [false] : [false, true]).map(
          (isSpot) => [shelfOf(cloud, name, region, isSpot), integer(most, 2 * most)] as const
        )
      )
    )
  )

/** Source: Shadeform API reference, sshkeys: an account has a key of Shadeform's own from the beginning. */
const managedKey = (random: kit.World["random"]): Key => ({
  ...{ id: uuidOf(random), name: "Shadeform Managed Key", is_default: true },
  public_key: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDmanagedmanagedmanaged",
  private_key: `-----BEGIN RSA PRIVATE KEY-----\n${random.hex(64)}\n-----END RSA PRIVATE KEY-----`
})

/** How worlds begin, and what surrounds them. */
export const worlds: kit.WorldMaker<ShadeformSimulatorOptions, World> = {
  timeline: {
    ...{ creating: 5_000, provider: 150_000, pending: 60_000, ending: 5_000, deleting: 20_000, check: 300_000 },
    jitter: 0.5
  },
  begin: (base, { options: { stock = 4 }, random }) => ({
    ...{ ...base, machines: [], keys: [managedKey(random)], volumes: [], templates: [] },
    free: freeAtFirst(random, stock)
  }),
  surround: (base, { choices }) => ({
    ...base,
    choices: {
      ...{ missing: "error", deletedShown: false, deletesAgain: 200, containerStatus: false, rentalTyped: true },
      ...{ recordsAutoDelete: true, forgetsThreshold: false },
      ...choices
    }
  })
}
