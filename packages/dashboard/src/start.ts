import { ssh } from "@anygpu/ssh"
import { type Cloud, createGpu, type Ledger, type PlainClock, type SpendLimit } from "anygpu"
import { ownContext } from "./context.ts"
import { type Dashboard, type ServeOptions, serveDashboard } from "./serve.ts"

/** What a dashboard of one's own program shows, and what may be done through it. */
export interface DashboardOptions
  extends Pick<ServeOptions, "listen" | "allowChanges" | "token" | "owner" | "simulatedSpeed" | "timers"> {
  /** What the adapters' factories make: `vast({ apiKey })`. */
  readonly clouds: ReadonlyArray<Cloud>
  /** Where launches are remembered: a file, or a server that a team shares. It is the caller's to close. */
  readonly ledger: Ledger
  /** What may be rented for; nothing is rented without. It needs `allowChanges`. */
  readonly budget?: SpendLimit
  /** Replaces real time of what is asked of clouds and ledger. */
  readonly clock?: PlainClock
}

/**
 * Starts a dashboard: a page about all machines, prices and launches, on one port of this computer.
 *
 * - It reads, unless `allowChanges`; it rents within `budget`, which the ledger keeps, and nothing without.
 * - The address to open is its `link`: the token in that lets in, and nothing else does.
 * - Clouds are asked while somebody looks, once for all who do.
 * - It ends no machine by itself: a keeper does, on the same ledger.
 * - Fails with `InvalidRequest` for wrong options, and as `node:http` does when it cannot listen.
 *
 * @example
 * ```ts
 * import { startDashboard } from "@anygpu/dashboard"
 * import { vast } from "@anygpu/vast"
 * import { money } from "anygpu"
 * import { sqliteLedger } from "anygpu/sqlite"
 *
 * await using dashboard = await startDashboard({
 *   clouds: [vast({ apiKey: "..." })],
 *   ledger: sqliteLedger("ledger.db"),
 *   listen: { port: 7070 },
 *   allowChanges: true,
 *   budget: { budget: "dashboard", total: money("50") }
 * })
 * console.log(`open ${dashboard.link}`)
 * await new Promise((resolve) => process.once("SIGINT", resolve))
 * ```
 */
export const startDashboard = async (options: DashboardOptions): Promise<Dashboard> => {
  const { clouds, ledger, budget, clock, ...serving } = options
  const gpu = createGpu({
    ...{ clouds, ledger, ssh: ssh() },
    ...(budget && { spendLimit: budget }),
    ...(clock && { clock })
  })
  const context = ownContext({ clouds, ledger, gpu, runs: gpu, clock })
  return await serveDashboard({ context, ...serving, ...(budget && { spending: budget }) })
}
