import {
  defineProvider,
  type GpuError,
  InstanceRef,
  InvalidRequest,
  type LaunchIdentity,
  type Operations,
  ProviderFault,
  type Timing,
  withContext
} from "@anygpu/core"
import { type Caller, makeRedactor } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type { Account } from "./account.ts"
import { endpoints } from "./endpoints.ts"
import {
  bidOf,
  bidProblems,
  containerOf,
  containerOptions,
  labelOf,
  type Prepared,
  vmOf,
  vmOptions
} from "./from-domain.ts"
import { isId } from "./ids.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { patternOf } from "./log-filter.ts"
import { startScriptOf } from "./packed-script.ts"
import { withPriceIncreases } from "./price-increases.ts"
import { searchWith } from "./search.ts"
import { selfEnd } from "./self-end.ts"
import { instanceOf, keyLike, toldKindOf } from "./to-domain.ts"
import type * as wire from "./wire.ts"

/**
 * Boot and poll times are the vendor's own waiter's; how soon a new machine shows is not documented. A create may be
 * refused for two minutes, begun again at their end, and take another two; its first attempt counts as well.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "15 minutes",
  createWithin: "6 minutes",
  appearWithin: "1 minute",
  terminateWithin: "2 minutes"
}

/**
 * The price that a machine shows is the sum of its rates, rounded once; an offer's with another disk is the sum of rates that
 * were each rounded. The two differ by a millionth here and there.
 */
const priceRoundedTo = 2

/** A moment that takes as many digits as any of this and the next two centuries, in seconds. */
const longest = 9_999_999_999

/** How long Vast takes to upload a log: the vendor's client gives up after 9 seconds, others needed 20. */
const upload = { every: "1 second", within: "30 seconds", operation: "requestLogs" } as const

/** Whether an address holds what lets one in, as a signed one does in its query. */
const isSigned = (url: string): boolean => URL.canParse(url) && new URL(url).search.length > 1

/** Reads an uploaded text where the answer says it is: at the address that is signed, else at the other one. */
const readResult = (
  caller: Caller,
  {
    result_url,
    temp_download_url
  }: { result_url?: string | null | undefined; temp_download_url?: string | null | undefined }
): Effect.Effect<string, GpuError> => {
  const places = [temp_download_url, result_url].filter((url) => url != null && url !== "")
  const [first, second] = places.toSorted((a, b) => Number(isSigned(b ?? "")) - Number(isSigned(a ?? "")))
  if (!first) {
    const message = "requestLogs: Vast took the request and named no place to read the log: ask again later"
    return Effect.fail(new ProviderFault({ message, retry: "temporary" }))
  }
  const read = (url: string) => caller.pollText(url, { ...upload, kind: "container" })
  return second ? Effect.catch(read(first), () => read(second)) : read(first)
}

/** What the cloud is asked in the same way for both kinds. */
const shared = <K extends "container" | "vm">(
  caller: Caller,
  { me, registry, keys, list, freshList, balance }: Account,
  kind: K
) => {
  const { call } = caller
  const at = (id: string) => ({ params: { id }, kind })
  const manage = (id: string, body: { state?: "running" | "stopped"; label?: string }) =>
    call(endpoints.manageInstance, { ...at(id), body }).pipe(Effect.asVoid)
  const operations = {
    /** A start that is queued is under way, and bills by itself later: no failure, `pending` when it is read. */
    start: ({ id }) =>
      manage(id, { state: "running" }).pipe(
        Effect.catchIf(
          (error) => error._tag === "NoCapacity" && /state change queued/i.test(error.message),
          () => Effect.void
        )
      ),
    stop: ({ id }) => manage(id, { state: "stopped" }),
    restart: ({ id }) => call(endpoints.rebootInstance, { ...at(id), body: {} }).pipe(Effect.asVoid),
    rename: ({ id, described }, name) => manage(id, { label: labelOf(name, described.marker) }),
    changeBid: ({ id }, perHour) => {
      const issues = bidProblems("perHour", perHour)
      if (issues.length > 0) return Effect.fail(InvalidRequest.all(issues))
      return call(endpoints.changeBid, { ...at(id), body: { client_id: "me", price: bidOf(perHour) } }).pipe(
        Effect.asVoid
      )
    },
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey: (id) =>
      call(endpoints.deleteSshKey, { params: { id }, body: {} }).pipe(
        Effect.asVoid,
        Effect.catchTag("NotFound", () => Effect.void)
      ),
    balance: () => balance
  } satisfies Partial<Operations<wire.Instance>>

  const base = {
    provider: "vast",
    kind,
    account: me,
    lifecycle,
    timing,
    priceRoundedTo,
    create: ({ offerId, secrets, body }: Prepared, identity: LaunchIdentity) =>
      call(endpoints.createInstance, { ...at(offerId), body: body(identity) }).pipe(
        Effect.map(({ new_contract }) => String(new_contract)),
        Effect.mapError((error) =>
          error.leftovers
            ? withContext(error, { leftovers: error.leftovers.map(({ id }) => new InstanceRef("vast", kind, id)) })
            : error
        ),
        Effect.mapError(makeRedactor(secrets).error)
      ),
    find: () => freshList,
    isId,
    read: (id: string) =>
      call(endpoints.showInstance, at(id)).pipe(
        Effect.map(({ instances }) => instances),
        Effect.catchTag("NotFound", () => Effect.succeed(null))
      ),
    readAll: () => list,
    besides: withPriceIncreases(caller),
    kindUnlessTold: "container",
    fieldsOf,
    /** Ids are one space for both kinds, and one route ends both. */
    kindOf: toldKindOf,
    describe: instanceOf,
    facts: factsOf,
    destroy: (id: string) => call(endpoints.destroyInstance, { ...at(id), body: {} }).pipe(Effect.asVoid)
  } as const

  return { operations, base, at }
}

/** How a Vast account is searched and rented from. */
export interface Settings {
  /** Whether machines that Vast has not verified are offered too. */
  readonly unverified: boolean
  /** Where machines reach the API: what ends itself asks there. */
  readonly baseUrl: string
}

/** Docker containers, on demand and interruptible. */
export const containers = (caller: Caller, account: Account, { unverified, baseUrl }: Settings) => {
  const { operations, base, at } = shared(caller, account, "container")
  const { call } = caller
  const keysOf = (id: string) =>
    call(endpoints.listInstanceSshKeys, at(id)).pipe(
      Effect.flatMap((rows) => account.keysIn(rows, "listInstanceSshKeys"))
    )
  return defineProvider({
    ...base,
    launchOptions: containerOptions,
    requiredOptions: ["image"],
    offers: searchWith(caller, "container", { vms: false, unverified }),
    check: containerOf,
    prepare: Effect.fnUntraced(function* (spec) {
      const { onStart, endsItself } = spec
      const before = endsItself ? selfEnd(baseUrl, longest).length : 0
      const script = onStart === undefined ? undefined : yield* startScriptOf(onStart, before)
      const startScript = (end: Date | null) =>
        endsItself && end ? `${selfEnd(baseUrl, Math.ceil(end.getTime() / 1000))}${script ?? ""}` : script
      const prepared = yield* Effect.fromResult(containerOf(spec, startScript))
      yield* account.registry.idsOf(spec.sshKeys)
      return prepared
    }),
    operations: {
      ...operations,
      logs: ({ id }, { tail, source, containing }) =>
        Effect.gen(function* () {
          const body = {
            tail: String(tail ?? 1000),
            ...(containing && { filter: patternOf(containing) }),
            ...(source === "host" && { daemon_logs: "true" as const })
          }
          const text = yield* readResult(caller, yield* call(endpoints.requestLogs, { ...at(id), body }))
          return text === "" ? [] : text.replace(/\n$/, "").split("\n")
        }),
      machineSshKeys: ({ id }) => keysOf(id),
      /** Looks first: what attaching a key twice does is not documented. */
      attachSshKey: Effect.fnUntraced(function* ({ id }, publicKey) {
        if (keyLike((yield* keysOf(id)).items, publicKey)) return
        yield* call(endpoints.attachSshKey, { ...at(id), body: { ssh_key: publicKey.trim() } })
      }),
      detachSshKey: ({ id }, key) =>
        call(endpoints.detachSshKey, { params: { id, key }, kind: "container", body: {} }).pipe(
          Effect.asVoid,
          Effect.catchTag("NotFound", () => Effect.void)
        )
    }
  })
}

/** Virtual machines: ssh only, keys fixed at creation. */
export const vms = (caller: Caller, account: Account, { unverified }: Settings) => {
  const { operations, base } = shared(caller, account, "vm")
  return defineProvider({
    ...base,
    launchOptions: vmOptions,
    requiredOptions: ["os", "sshKeys"],
    offers: searchWith(caller, "vm", { vms: true, unverified }),
    check: vmOf,
    prepare: (spec) => Effect.fromResult(vmOf(spec)).pipe(Effect.tap(() => account.registry.idsOf(spec.sshKeys))),
    operations
  })
}
