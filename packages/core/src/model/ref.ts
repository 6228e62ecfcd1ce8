import * as Result from "effect/Result"
import { InvalidRequest } from "../errors.ts"
import { type Kind, kinds } from "./kind.ts"

/**
 * The name of one machine: provider, kind and the cloud's own id.
 *
 * - Prints and parses as `vast/container/123`.
 * - Branded by provider and kind: a ref of one cloud does not type-check where that of another is wanted.
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

const needed = "write provider/kind/id such as vast/container/123, or pass a machine's .ref"

/**
 * The ref that a value names: an {@link InstanceRef}, a plain `{ provider, kind, id }`, or its text.
 *
 * - `InvalidRequest` for everything else. A whole machine is not taken for its ref, nor an offer, whose id is no machine.
 */
export const toRef = (value: unknown): Result.Result<InstanceRef, InvalidRequest> => {
  const refuse = (problem: string) => Result.fail(InvalidRequest.of("ref", problem))
  if (typeof value === "string") return parseRef(value)
  if (typeof value !== "object" || value === null) {
    return refuse(`must be a machine ref, not ${value === null ? "null" : typeof value}: ${needed}`)
  }
  if ("ref" in value) return refuse("is a whole machine: pass its .ref")
  const { provider, kind, id, ...more } = value as Readonly<Record<string, unknown>>
  const isText = (part: unknown): part is string => typeof part === "string" && part !== ""
  if (!isText(provider) || !isText(kind) || !isText(id) || Object.keys(more).length > 0) {
    return refuse(`must be provider, kind and id as texts, and nothing more: ${needed}`)
  }
  const known = kinds.find((candidate) => candidate === kind)
  return known
    ? Result.succeed(new InstanceRef(provider, known, id))
    : refuse(`"${kind}" is not a kind; the kinds are ${kinds.join(", ")}`)
}

/** The ref that a value names, as a ref of one provider and kind; `InvalidRequest` for a machine of another one. */
export const ownRef = <P extends string, K extends Kind>(
  own: { readonly provider: P; readonly kind: K },
  value: unknown
): Result.Result<InstanceRef<P, K>, InvalidRequest> =>
  Result.flatMap(toRef(value), (ref) =>
    ref.provider === own.provider && ref.kind === own.kind
      ? Result.succeed(new InstanceRef(own.provider, own.kind, ref.id))
      : Result.fail(
          InvalidRequest.of("ref", `${ref} is no machine of this provider, which has ${own.provider}/${own.kind}`)
        )
  )
