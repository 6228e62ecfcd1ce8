import * as Result from "effect/Result"
import { InvalidRequest } from "../errors.ts"
import { type Kind, kinds } from "./kind.ts"

/**
 * The name of one machine: provider, kind and the cloud's own id.
 *
 * - Prints and parses as `vast/container/123`.
 * - Branded by provider and kind: a Vast ref does not type-check where a Fluence one is wanted.
 * - The id is opaque; clouds use numbers, UUIDs and prefixed strings.
 */
export class InstanceRef<P extends string = string, K extends Kind = Kind> {
  readonly provider: P
  readonly kind: K
  readonly id: string

  constructor(provider: P, kind: K, id: string) {
    this.provider = provider
    this.kind = kind
    this.id = id
  }

  toString(): string {
    return `${this.provider}/${this.kind}/${this.id}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** Reads `vast/container/123`; fails with `InvalidRequest` that says which part is wrong. */
export const parseRef = (text: string): Result.Result<InstanceRef, InvalidRequest> => {
  const [provider, kind, ...rest] = text.split("/")
  const id = rest.join("/")
  if (!provider || !kind || !id) {
    return Result.fail(
      InvalidRequest.of("ref", `"${text}" is not a machine ref: write provider/kind/id, for example vast/container/123`)
    )
  }
  const known = kinds.find((candidate) => candidate === kind)
  return known
    ? Result.succeed(new InstanceRef(provider, known, id))
    : Result.fail(InvalidRequest.of("ref", `"${kind}" in "${text}" is not a kind; the kinds are ${kinds.join(", ")}`))
}

/** Whether two refs name the same machine. */
export const sameRef = (a: InstanceRef, b: InstanceRef): boolean =>
  a.provider === b.provider && a.kind === b.kind && a.id === b.id
