/** What a process of the keeper bench is begun with. */
export interface Task {
  readonly role: "keeper" | "laptop"
  readonly url: string
  readonly schema: string
  /** Milliseconds that its clock is wrong. */
  readonly skew: number
  /** A control: the claim is not looked at before an act. */
  readonly unfenced: boolean
  /** Milliseconds for which a laptop leases. */
  readonly lease: number
}

/** What a process asks of the cloud, which is the process that began it. */
export type Question =
  | { readonly ask: "turn" | "end" | "read"; readonly id: string }
  | { readonly ask: "list"; readonly id: "" }
  | { readonly ask: "make"; readonly id: string }

/** A question with its number. */
export type Ask = Question & { readonly call: number }

/** What a process says of itself. */
export type Said = Ask | { readonly started: string } | { readonly line: string } | { readonly leased: string }

/** A machine of the cloud. */
export interface Row {
  readonly id: string
  readonly marker: string
  /** Whether it was ended: a read shows that for good. */
  readonly isOver: boolean
}

/** The answer of the cloud. */
export interface Answer {
  readonly call: number
  readonly rows: ReadonlyArray<Row>
}
