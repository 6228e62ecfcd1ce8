import { type GpuError, withContext } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { imageLogin } from "../secrets.ts"
import { type Mutant, mutant } from "./mutant.ts"

const sayingMore = (error: GpuError, more: string): GpuError => withContext(error, { message: error.message + more })

/** Providers that do what an answer of the cloud wants. */
export const hostileMutants: ReadonlyArray<Mutant> = [
  mutant(
    "end that rests",
    "hostile answers: an end is asked for again soon, however long the cloud wants to be left alone",
    "Waits for days before it ends a machine, because the cloud asked for that.",
    (provider) => ({ terminate: (ref, options) => Effect.delay(provider.terminate(ref, options), "2 days") })
  ),
  mutant(
    "list without an end that is whole",
    "hostile answers: a list whose pages have no end is left, and said not to be whole",
    "Stops reading and says that there is no more: machines are taken for absent.",
    (provider) => ({
      list: () =>
        Effect.map(provider.list(), (all) => Object.assign(all.with(all.items), { complete: true, problems: [] }))
    })
  ),
  mutant(
    "error that a terminal obeys",
    "hostile answers: words of a refusal do nothing to the terminal that shows them",
    "Passes a cloud's escapes on to the reader of the error.",
    (provider) => ({
      launch: (spec) => Effect.mapError(provider.launch(spec), (error) => sayingMore(error, ": \u001b[2J\u202e"))
    })
  ),
  {
    ...mutant(
      "error with a word of a long script",
      "hostile answers: a refused launch with 200,000 characters of secrets shows none of their words, and soon",
      "Shows a part of what was sent where there was much of it.",
      (provider) => ({
        launch: (spec) =>
          Effect.mapError(provider.launch(spec), (error) => {
            const sent = spec.onStart ?? Object.values(spec.env ?? {}).join(" ")
            return sent.length < 100_000 ? error : sayingMore(error, `: ${sent.slice(0, 40)}`)
          })
      })
    ),
    anyOption: ["onStart", "env"]
  },
  mutant(
    "native with an image's login",
    "hostile answers: a login and a token in the image that a cloud shows reach nobody",
    "Passes the reference to the image through as the cloud has it.",
    (provider) => ({
      get: (ref) =>
        Effect.map(provider.get(ref), (machine) => ({
          ...machine,
          native: { ...machine.native, image: imageLogin.image }
        }))
    })
  )
]
