/** What a child is asked to launch. */
export interface Order {
  readonly key: string
  readonly cloud: string
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
  /** Where the clouds listen, by their names. */
  readonly baseUrls: Readonly<Record<string, string>>
  /** The variables that hold the keys of the clouds. */
  readonly env: Readonly<Record<string, string>>
  /** When the clouds' time began, in epoch milliseconds of real time, and how much faster it runs. */
  readonly begun: number
  readonly speed: number
}
