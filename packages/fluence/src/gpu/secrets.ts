import { type Caller, makeRedactor } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import * as z from "zod"

/** What a body holds inside the settings of a container that nobody may read in an error. */
const Input = z.object({
  body: z.object({
    container_settings: z.object({
      environment: z.array(z.object({ value: z.string() })).nullish(),
      startup_command: z.string().nullish(),
      credentials: z.object({ password: z.string() }).nullish()
    })
  })
})

const secretsIn = (input: unknown): ReadonlyArray<string> => {
  const { environment, startup_command, credentials } = Input.safeParse(input).data?.body.container_settings ?? {}
  const values = environment?.map(({ value }) => value) ?? []
  return [...values, startup_command ?? "", credentials?.password ?? ""].filter((text) => text !== "")
}

/**
 * A caller whose errors never show the variables, the command and the registry password of a container: they lie too
 * deep in the body for `sensitive`, and Fluence repeats wrong values in its errors.
 */
export const discreet = (caller: Caller): Caller => ({
  ...caller,
  call: (endpoint, ...args) => {
    const secrets = secretsIn(args[0])
    const answer = caller.call(endpoint, ...args)
    return secrets.length > 0 ? answer.pipe(Effect.mapError(makeRedactor(secrets).error)) : answer
  }
})
