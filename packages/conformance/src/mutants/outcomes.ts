import { InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { failing, type Mutant, mutant, seeing } from "./mutant.ts"

const wrongImage = "boot: a wrong image ends the wait soon, in the cloud's words, and is wrong everywhere"

/** Providers that say something else of whose fault it was. */
export const outcomeMutants: ReadonlyArray<Mutant> = [
  mutant(
    "drops the cloud's words",
    "boot: the cloud's own words are in the machine, without values that may be secret",
    "Never shows what the cloud says of a boot: its user does not learn why it failed.",
    (provider) => seeing(provider, (instance) => ({ ...instance, said: null }))
  ),
  mutant(
    "shows the cloud's words as they are",
    "boot: the cloud's own words are in the machine, without values that may be secret",
    "Shows the values of variables that a cloud repeats.",
    (provider) =>
      seeing(provider, (instance) => ({
        ...instance,
        said: instance.said?.replace("<redacted>", "token-value-8d1f0c") ?? null
      }))
  ),
  mutant(
    "wrong image as a bad host",
    wrongImage,
    "Takes a wrong image for the trouble of one host: the next host is rented for it, and the next.",
    (provider) =>
      seeing(provider, (instance) =>
        instance.reason === "invalid-request"
          ? { ...instance, status: "failed", reason: "provisioning-error" }
          : instance
      )
  ),
  mutant(
    "waits for a wrong image",
    wrongImage,
    "Waits for the whole boot time although the cloud says that there is no such image.",
    (provider) =>
      seeing(provider, (instance) =>
        instance.reason === "invalid-request" ? { ...instance, status: "starting", reason: null } : instance
      )
  ),
  mutant(
    "fails for what passes",
    "boot: trouble that passes is no failure",
    "Takes a timeout while an image is pulled for the end of it.",
    (provider) =>
      seeing(provider, (instance) =>
        instance.said?.includes("timeout") ? { ...instance, status: "failed", reason: "provisioning-error" } : instance
      )
  ),
  mutant(
    "hides progress",
    "boot: a boot that progresses is waited for beyond the boot time, and up to a limit",
    "Says the same of a boot all the time: a long one is given up.",
    (provider) =>
      seeing(provider, (instance) =>
        instance.said?.includes("layer") ? { ...instance, said: "layer 0 of 99" } : instance
      )
  ),
  mutant(
    "quota as a wrong request",
    "outcomes: a quota is no wrong request: it is the account's, and no other offer of the cloud is to be tried",
    "Takes a quota of the account for a mistake in the request.",
    (provider) =>
      failing(provider, (error) =>
        error._tag === "PermissionDenied"
          ? new InvalidRequest({ ...error, message: error.message, issues: [{ path: "", problem: "wrong" }] })
          : error
      )
  ),
  mutant(
    "check that lets all pass",
    "outcomes: a check refuses what a launch refuses, and sends nothing",
    "Finds nothing wrong: a launch is quoted, and refused after the yes.",
    () => ({ check: () => Effect.void })
  ),
  mutant(
    "check that asks the cloud",
    "outcomes: a check refuses what a launch refuses, and sends nothing",
    "Sends requests to check a launch: thousands, for a whole market.",
    (provider) => ({ check: (spec) => Effect.andThen(Effect.ignore(provider.offers()), provider.check(spec)) })
  )
]
