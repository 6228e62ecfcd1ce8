import {
  type AnyProvider,
  attempt,
  type GpuError,
  isGpuError,
  type LaunchSpec,
  ProviderFault,
  supports,
  withContext
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { failing, type Mutant, mutant, seeing } from "./mutant.ts"

const names = ["start", "stop", "restart"] as const

/** The launch options whose values nobody may see. */
const secretOptions = ["env", "registry"] as const

/** Every steering operation that the provider has, done another way. */
const steered = (
  provider: AnyProvider,
  steer: (call: ReturnType<typeof attempt<"stop">>, op: (typeof names)[number]) => ReturnType<typeof attempt<"stop">>
) =>
  Object.fromEntries(
    names
      .filter((op) => supports(provider, op))
      .map((op) => [op, (ref: Parameters<AnyProvider["get"]>[0]) => steer(attempt(provider, op, ref), op)])
  )

const said = (error: GpuError, more: string): GpuError =>
  isGpuError(error) ? withContext(error, { message: `${error.message} ${more}` }) : error

const impatience = ({ provider, kind }: AnyProvider): ProviderFault =>
  new ProviderFault({ message: "the cloud answered 500", retry: "temporary", provider, kind, operation: "get" })

/** Actions that are not what they say, and errors that say too much or too little. */
export const actionMutants: ReadonlyArray<Mutant> = [
  mutant(
    "ignores stop",
    "stop: the machine is halted in truth, and says what it costs",
    "Says that the machine stops, and lets it run.",
    (provider) => ({
      stop: (ref) => Effect.map(provider.get(ref), (instance) => ({ ...instance, status: "stopping" }))
    }),
    ["stop"]
  ),
  mutant(
    "stops by ending",
    "stop: the machine is halted in truth, and says what it costs",
    "Ends a machine that was to be stopped: its disk is lost.",
    (provider) => ({
      stop: (ref) =>
        Effect.andThen(provider.terminate(ref), provider.get(ref)).pipe(
          Effect.map((instance) => ({ ...instance, status: "stopping", billing: "storage" }))
        )
    }),
    ["stop"]
  ),
  mutant(
    "illegal action reported as done",
    "actions: an illegal one is IllegalAction with the legal ones, and changes nothing",
    "Swallows the refusal: the caller believes that the machine starts.",
    (provider) =>
      steered(provider, (call, op) =>
        call.pipe(
          Effect.catchTag("IllegalAction", (error) =>
            error.ref
              ? Effect.map(provider.get(error.ref), (instance) => ({ ...instance, native: { op } }))
              : Effect.fail(error)
          )
        )
      ),
    ["start"]
  ),
  mutant(
    "rename that loses the marker",
    "rename: the name shows, and the marker stays",
    "Replaces the whole label: a lost launch is never found again.",
    (provider) => ({
      rename: (ref, name) =>
        Effect.map(attempt(provider, "rename", ref, name), (instance) => ({ ...instance, marker: null }))
    }),
    ["rename"]
  ),
  mutant(
    "rename that does nothing",
    "rename: the name shows, and the marker stays",
    "Answers the new name without giving it.",
    (provider) => ({ rename: (ref, name) => Effect.map(provider.get(ref), (instance) => ({ ...instance, name })) }),
    ["rename"]
  ),
  mutant(
    "logs that are always empty",
    "logs: a running machine has some",
    "Declares logs, and never answers a line.",
    () => ({ logs: () => Effect.map(DateTime.now, (observedAt) => ({ lines: [], observedAt })) }),
    ["logs"]
  ),
  mutant(
    "logs by a pattern",
    "logs: containing is a text, whatever signs it has, or Unsupported",
    "Takes the text that lines must contain for a pattern: other lines are shown, and the wanted ones are not.",
    (provider) => ({
      logs: (ref, { containing = "", ...options } = {}) =>
        Effect.map(attempt(provider, "logs", ref, options), ({ lines, observedAt }) => ({
          lines: lines.filter((line) => new RegExp(containing).test(line)),
          observedAt
        }))
    }),
    ["logs"]
  ),
  mutant(
    "logs that are made up",
    "logs: what the workload printed is in them, oldest first",
    "Answers lines that no workload printed.",
    () => ({ logs: () => Effect.map(DateTime.now, (observedAt) => ({ lines: ["ok"], observedAt })) }),
    ["logs"]
  ),
  mutant(
    "keys that double",
    "account keys: a key that was added is listed, once",
    "Answers another id for a key that is there.",
    (provider) => {
      let count = 0
      return {
        addSshKey: (publicKey, name) =>
          Effect.map(attempt(provider, "addSshKey", publicKey, name), (key) => ({ ...key, id: `${key.id}-${++count}` }))
      }
    },
    ["addSshKey", "sshKeys"]
  ),
  mutant(
    "balance that is not asked for",
    "account: the balance is read from the cloud",
    "Says that there is money without looking.",
    () => ({
      balance: () =>
        Effect.map(DateTime.now, (observedAt) => ({ available: { micros: 1_000_000, currency: "USD" }, observedAt }))
    }),
    ["balance"]
  ),
  mutant(
    "error with the key",
    "errors: a wrong key is Unauthenticated, and is not shown",
    "Shows the API key in an error, which ends up in a log.",
    (provider, { secret }) => failing(provider, (error) => said(error, `(authorization: ${secret})`))
  ),
  {
    ...mutant(
      "error with an env value",
      "errors: a failed launch shows neither the key nor an env value",
      "Quotes the whole launch in an error.",
      (provider) => ({
        launch: (spec) =>
          Effect.mapError(provider.launch(spec), (error) =>
            withContext(error, { cause: { request: JSON.stringify(spec.env ?? spec.registry ?? {}) } })
          )
      })
    ),
    anyOption: secretOptions
  },
  {
    ...mutant(
      "native with an env value",
      "lifecycle: native status fields are kept, and hold nothing secret",
      "Passes the cloud's whole row through, with the environment in it.",
      (provider) => {
        let env: LaunchSpec["env"]
        return {
          ...seeing(provider, (instance) => ({ ...instance, native: { ...instance.native, extra_env: env } })),
          launch: (spec) => {
            env = spec.env ?? { PASSWORD: spec.registry?.password ?? "" }
            return provider.launch(spec)
          }
        }
      }
    ),
    anyOption: secretOptions
  },
  mutant(
    "errors without an operation",
    "errors: every error says its operation",
    "Does not say what failed.",
    (provider) => failing(provider, (error) => withContext(error, { operation: "" }))
  ),
  mutant(
    "impatient reads",
    "errors: reads survive two 500s",
    "Gives up at the first hiccup of the cloud.",
    (provider, world) => ({
      get: (ref) => {
        const before = world.requests().length
        return Effect.flatMap(provider.get(ref), (instance) =>
          world.requests().length - before > 2 ? Effect.fail(impatience(provider)) : Effect.succeed(instance)
        )
      }
    })
  )
]
