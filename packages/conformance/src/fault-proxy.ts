import type { CloudControls, Undo } from "./controls.ts"
import type { Falsify } from "./false-answers.ts"
import type { SentRequest } from "./harness.ts"
import { type MachineControls, machineControls } from "./machine-controls.ts"

/** How a request is sent: as `fetchTransport` of `@anygpu/core/adapter` takes it. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

/** What becomes of a request; `pass` sends it on to the cloud, `url` is where it was going. */
export type FaultEffect = (pass: () => Promise<Response>, init: RequestInit, url?: string) => Promise<Response>

/** How a cloud is asked about single machines. */
export interface MachineRequests {
  /** Whether a request reads one machine; left out where machines are only read in lists. */
  readonly isRead?: (request: SentRequest) => boolean
  /** Whether a request asks for the end of a machine. */
  readonly isEnd: (request: SentRequest) => boolean
  /** The cloud's own words for "no such machine", to a read and to an end; left out with `isRead`. */
  readonly absent?: { readonly read: FaultEffect; readonly end: FaultEffect }
  /** The body of a 400 of this cloud. */
  readonly refused: unknown
  /** Puts a status that no document knows into the answer to a read, in place. */
  readonly strange: (body: unknown) => void
  /** The ids of the machines that exist in truth. */
  readonly living: () => ReadonlyArray<string>
}

/** A cloud as the proxy before it sees it. */
export interface FaultProxyOptions {
  /** Answers requests, as a simulator does. */
  readonly fetch: Send
  /** Whether a request could change something or cost money; a search sent with POST does not. The path has no query. */
  readonly isMutating: (method: string, path: string) => boolean
  /** Whether a request rents a machine. */
  readonly isCreate: (request: SentRequest) => boolean
  /** JSON bodies of this cloud: of a 500, and of a 429. */
  readonly bodies: { readonly failed: unknown; readonly limited: unknown }
  /** What the controls about single machines need; without it they are missing. */
  readonly machines?: MachineRequests
}

/** The controls that are about the way to the cloud, not about the cloud. */
export type FaultProxyControls = Pick<
  CloudControls,
  | "createLostAfter"
  | "createLostBefore"
  | "createHangs"
  | "createHeld"
  | "createFailsAfter"
  | "createFailsBefore"
  | "createHtmlAfter"
  | "createCutAfter"
  | "createLimited"
  | "createUnauthorized"
  | "readsFail"
  | "readsReset"
  | "readsLimited"
  | "readsUnauthorized"
  | "readsHtml"
  | "readsCut"
  | "readsMalformed"
  | "readsFalse"
  | "unreachable"
>

/** The way between a provider and its simulator, on which everything can go wrong. */
export interface FaultProxy {
  /** Give it to the provider's transport. */
  readonly send: Send
  /** Everything that reached the cloud so far, oldest first. */
  requests(): ReadonlyArray<SentRequest>
  readonly controls: FaultProxyControls & Partial<MachineControls>
  /**
   * A control: what the next request that rents comes to, and every further sending of it under its idempotency key: were
   * one of these answered, nothing would have been lost.
   */
  create(effect: FaultEffect): () => void
  /** A control: what the next `times` requests that change nothing come to. */
  reads(effect: FaultEffect): (times: number) => Undo
  /** What the next `times` requests come to that `on` chooses; the oldest that chooses a request has it. */
  meet(on: (request: SentRequest) => boolean, effect: FaultEffect, times?: number): Undo
  /** Lets `change` alter the body of every JSON answer, in place. */
  tamper(change: (body: unknown, request: SentRequest) => void): Undo
}

const broken = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(`the connection failed: ${code}`), { code }) })

/** Answers so, without an effect. */
export const answers =
  (status: number, body: unknown): FaultEffect =>
  async () =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })

/** The effect takes place, whatever the answer. */
export const after =
  (effect: FaultEffect): FaultEffect =>
  async (pass, ...more) => {
    await pass()
    return effect(pass, ...more)
  }

/** The connection is reset before the cloud hears anything. */
export const reset: FaultEffect = async () => {
  throw broken("ECONNRESET")
}

/** Never reaches the cloud, so it is not among its requests. */
const unreachable: FaultEffect = async () => {
  throw broken("ECONNREFUSED")
}

const html: FaultEffect = async () => new Response("<html>502</html>", { headers: { "content-type": "text/html" } })

const malformed: FaultEffect = async () =>
  new Response("{'success': True, ]", { headers: { "content-type": "application/json" } })

const hangs: FaultEffect = (_, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))

/** The effect takes place; the connection breaks in the middle of the body. */
const cut: FaultEffect = async (pass) => {
  const text = await (await pass()).text()
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)))
    controller.error(broken("ECONNRESET"))
  }
  return new Response(new ReadableStream({ start }))
}

const falsified =
  (falsify: Falsify): FaultEffect =>
  async (pass) => {
    const { status, text, headers } = falsify(await (await pass()).text())
    return new Response(status === 204 ? null : text, { status, headers })
  }

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

const keyOf = ({ headers }: RequestInit): string | undefined => new Headers(headers).get("idempotency-key") ?? undefined

/** A request as tests see it. */
export const requestOf = (url: string, init: RequestInit, isMutating: FaultProxyOptions["isMutating"]): SentRequest => {
  const { pathname, search } = new URL(url)
  const method = init.method ?? "GET"
  const idempotencyKey = keyOf(init)
  return {
    ...{ method, path: pathname + search, mutating: isMutating(method, pathname) },
    ...(typeof init.body === "string" && { body: parsed(init.body) }),
    ...(idempotencyKey !== undefined && { idempotencyKey })
  }
}

/**
 * Puts a proxy in front of a simulated cloud: it sees every request, and any of them can come to grief.
 *
 * - What is wrong with the cloud itself (a machine that ends, an offer that is taken) is the simulator's to do.
 */
export const faultProxy = ({ fetch, isMutating, isCreate, bodies, machines }: FaultProxyOptions): FaultProxy => {
  const requests: SentRequest[] = []
  const effects: Array<{
    readonly on: (request: SentRequest) => boolean
    readonly effect: FaultEffect
    times: number
  }> = []
  const changes = new Set<(body: unknown, request: SentRequest) => void>()

  const send: Send = async (url, init) => {
    const request = requestOf(url, init, isMutating)
    const pass = async () => {
      const response = await fetch(url, init)
      if (changes.size === 0 || !response.headers.get("content-type")?.includes("json")) return response
      const body: unknown = await response.json()
      for (const change of changes) change(body, request)
      return answers(response.status, body)(pass, init, url)
    }
    const met = effects.find(({ on, times }) => times > 0 && on(request))
    if (met?.effect !== unreachable) requests.push(request)
    if (!met) return pass()
    met.times -= 1
    return met.effect(pass, init, url)
  }

  const meet: FaultProxy["meet"] = (on, effect, times = Number.POSITIVE_INFINITY) => {
    const entry = { on, effect, times }
    effects.push(entry)
    return () => {
      entry.times = 0
    }
  }
  const create: FaultProxy["create"] = (effect) => () => {
    const once = meet(isCreate, (pass, init, url) => {
      once()
      const key = keyOf(init)
      if (key !== undefined) meet((request) => isCreate(request) && request.idempotencyKey === key, effect)
      return effect(pass, init, url)
    })
  }
  const tamper: FaultProxy["tamper"] = (change) => {
    changes.add(change)
    return () => void changes.delete(change)
  }
  const reads: FaultProxy["reads"] = (effect) => (times) => meet(({ mutating }) => !mutating, effect, times)
  const fails = answers(500, bodies.failed)
  const limited = answers(429, bodies.limited)
  const unauthorized = answers(401, {})

  return {
    send,
    requests: () => requests.slice(),
    create,
    reads,
    meet,
    tamper,
    controls: {
      ...(machines && machineControls(machines, { fetch, meet, create, tamper }, fails)),
      createLostAfter: create(after(reset)),
      createLostBefore: create(reset),
      createHangs: create(after(hangs)),
      createHeld: () => {
        const held = Promise.withResolvers<void>()
        create((pass) => held.promise.then(pass))()
        return held.resolve
      },
      createFailsAfter: create(after(fails)),
      createFailsBefore: create(fails),
      createHtmlAfter: create(after(html)),
      createCutAfter: create(cut),
      createLimited: create(limited),
      createUnauthorized: create(unauthorized),
      readsFail: reads(fails),
      readsReset: reads(reset),
      readsLimited: reads(limited),
      readsUnauthorized: reads(unauthorized),
      readsHtml: reads(html),
      readsCut: reads(cut),
      readsMalformed: reads(malformed),
      readsFalse: (falsify) => reads(falsified(falsify))(Number.POSITIVE_INFINITY),
      unreachable: () => meet(() => true, unreachable)
    }
  }
}
