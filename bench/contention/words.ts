/** What a process is begun with. */
export interface Task {
  readonly url: string
  /** Its number: what it launches, it and the process that takes its place recognise by it. */
  readonly process: number
  readonly seed: number
  readonly launches: number
  readonly keys: number
  /** Dollars per hour that all machines together may cost; each costs one. */
  readonly limit: number
  /** Dollars that the machines of a day of UTC may cost together. */
  readonly day: number
  /** A control: the budget is looked at before a launch is opened, and not held by it. */
  readonly unlocked: boolean
}

/** What a process asks of the cloud, which is the process that began it; each is answered by its number. */
export type Ask =
  | { readonly call: number; readonly kind: "create"; readonly key: string; readonly marker: string }
  | { readonly call: number; readonly kind: "find"; readonly marker: string }
  | { readonly call: number; readonly kind: "end"; readonly marker: string }

/** What a process says of itself. */
export type Said =
  | Ask
  | { readonly kind: "opened"; readonly millis: number }
  | { readonly kind: "kept-out" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done" }

/** The answer of the cloud: a machine's id, or null. */
export interface Answer {
  readonly call: number
  readonly id: string | null
}
