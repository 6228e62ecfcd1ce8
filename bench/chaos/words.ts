import type { CloudName } from "../reliability/market.ts"

/** What a child is told to launch. */
export interface Order {
  readonly key: string
  readonly cloud: CloudName
  /** Draws its offer among those that fit. */
  readonly draw: number
}

/** What a child says. */
export type Word =
  | { readonly says: "ready" }
  | { readonly says: "begins"; readonly key: string }
  | { readonly says: "has"; readonly key: string; readonly id: string }
  | { readonly says: "failed"; readonly key: string; readonly error: string }

/** What a child is started with. */
export interface Setup {
  readonly ledger: string
  /** The clouds: their keys, and where they listen. */
  readonly clouds: Readonly<Record<CloudName, { readonly apiKey: string; readonly baseUrl: string }>>
  /** When the clouds' time began, in epoch milliseconds of real time, and how much faster it runs. */
  readonly begun: number
  readonly speed: number
}
