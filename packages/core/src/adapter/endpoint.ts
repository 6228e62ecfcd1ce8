import type * as Duration from "effect/Duration"
import type * as z from "zod"
import type { Kind } from "../model/kind.ts"
import type { Limits } from "./limit.ts"
import type { Method } from "./transport.ts"

/**
 * What a second sending of the same request would do.
 *
 * - `safe`: nothing more than the first. Reads, writes that set a state, writes with an idempotency key.
 * - `refused-only`: maybe a second effect, so it is sent again only when the first provably had none.
 * - `never`: not sent again whatever happens.
 */
export type Repeat = "safe" | "refused-only" | "never"

/** The names in braces of a path template. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** `PathParams<"/api/v0/asks/{id}/">` is `{ id: string | number }`. */
export type PathParams<Path extends string> = { readonly [Name in ParamNames<Path>]: string | number }

/** How a stream of server-sent events is read that stays open: see `OpenAnswer`. */
export interface EventStream {
  /** The longest that it is read. */
  readonly within: Duration.Input
  /** The longest that nothing may come, once something has. */
  readonly quiet: Duration.Input
  /** At most so many bytes. */
  readonly bytes: number
}

/** One route of a cloud as data. `Query` and `Body` are `undefined` where the route has none. */
export interface Endpoint<Path extends string = string, Query = unknown, Body = unknown, Answer = unknown> {
  /** What errors call it: `launch`, `list`, `terminate`. */
  readonly operation: string
  readonly method: Method
  /** Exact, with its trailing slash where the cloud wants one; `{id}` stands for a parameter. */
  readonly path: Path
  /** Strict: what may be sent and nothing else. */
  readonly query?: z.ZodType<unknown, Query>
  /** Strict: what may be sent and nothing else. */
  readonly body?: z.ZodType<unknown, Body>
  /** Minimal: only the fields that are used, as nullish as the cloud may make them. An empty body is `undefined`. */
  readonly answer: z.ZodType<Answer>
  /** An answer that is not JSON is a text to `answer`, such as an id without quotes: the schema has to check its form. */
  readonly bareText?: true
  readonly repeat: Repeat
  /** The route's rate limit as the cloud documents it, or all that it counts against. */
  readonly limit?: Limits
  /** For one attempt; 30 seconds when absent. */
  readonly timeout?: Duration.Input
  /**
   * The answer is a stream of server-sent events that stays open. `answer` gets `{ events, endedBy }`: what came of it, as
   * `ServerEvent`, and what ended it (`cloud` where the cloud did).
   */
  readonly stream?: EventStream
  /**
   * The header in which the cloud takes an idempotency key. A call that does not give it gets a fresh one, made once and
   * sent on every attempt: without it, `repeat: "safe"` would be wrong.
   */
  readonly idempotencyHeader?: string
  /**
   * Fields of the body whose values must never appear anywhere: `env`, or `settings.environment.value` for what lies
   * deeper. A path leads through the items of a list; all texts in what it leads to are secrets, as a whole and word by
   * word.
   */
  readonly sensitive?: ReadonlyArray<string>
  /** Taken without a token, as a login is: none is asked for where the account has a `login`. */
  readonly open?: true
  /** Whether its answer holds a secret, such as a private key: nothing of one that is no JSON is then quoted. */
  readonly secretAnswer?: boolean
  /** Where the cloud documents the route. */
  readonly source: string
}

/** States one route of a cloud; the types of its parameters, query, body and answer follow from it. */
export const endpoint = <const Path extends `/${string}`, Answer, Query = undefined, Body = undefined>(
  spec: Endpoint<Path, Query, Body, Answer>
): Endpoint<Path, Query, Body, Answer> => spec

/**
 * States routes of a cloud that are documented in one place, and limited alike: each needs to say these only where they
 * differ.
 */
export const endpointsOf =
  (shared: { readonly source: string; readonly limit?: Limits }) =>
  <const Path extends `/${string}`, Answer, Query = undefined, Body = undefined>(
    spec: Omit<Endpoint<Path, Query, Body, Answer>, "source"> & { readonly source?: string }
  ): Endpoint<Path, Query, Body, Answer> => ({ ...shared, ...spec })

/** What an endpoint answers. */
export type AnswerOf<E extends Endpoint> = E extends Endpoint<string, unknown, unknown, infer Answer> ? Answer : never

type Nothing = Record<never, never>

type Field<Name extends string, Value> = [Value] extends [undefined]
  ? unknown
  : Nothing extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value }

type Schemas<E extends Endpoint> =
  E extends Endpoint<string, infer Query, infer Body> ? Field<"query", Query> & Field<"body", Body> : never

/** What one call is given: `params`, `query` and `body` only where the endpoint has them. */
export type CallInput<E extends Endpoint> = ([ParamNames<E["path"]>] extends [never]
  ? unknown
  : { readonly params: PathParams<E["path"]> }) &
  Schemas<E> & {
    /** Headers of this call alone, such as an idempotency key. */
    readonly headers?: Readonly<Record<string, string>>
    /** The kind of machine the call is about, for its errors. */
    readonly kind?: Kind
    /** Of a stream, no more than about so many events are wanted: it ends as soon as they are there. */
    readonly events?: number
  }

/** The arguments of a call: none are needed where the endpoint needs none. */
export type CallArgs<E extends Endpoint> =
  Nothing extends CallInput<E> ? readonly [input?: CallInput<E>] : readonly [input: CallInput<E>]
