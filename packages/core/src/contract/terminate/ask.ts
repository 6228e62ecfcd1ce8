import * as Effect from "effect/Effect"
import { BeforeEnding } from "../../context/before-ending.ts"
import { BeforeSending } from "../../context/before-sending.ts"
import { currentMoment } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import type { Kind } from "../../model/kind.ts"
import { isOver } from "../read/absence.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"

/** What an ask for the end of a machine came to; `waited`: it was not asked, between two looks. */
export type Answer = "accepted" | "missing" | "waited" | GpuError

/** Whether the cloud itself shows a machine as ending or gone, whatever we asked of it. */
const isEnding = <P extends string, K extends Kind, N>(
  { look, instanceOf }: Reader<P, K, N>,
  id: string
): Effect.Effect<boolean> =>
  Effect.flatMap(currentMoment, ({ wall }) =>
    Effect.match(look(id), {
      onFailure: () => false,
      onSuccess: (seen) => {
        if (seen === null) return true
        const instance = instanceOf(seen.native, null, wall)
        return instance.status === "terminating" || isOver(instance)
      }
    })
  )

/** Sends what asks for an end, once what has to hold for that does. */
const checked = (send: Effect.Effect<Answer, GpuError>): Effect.Effect<Answer, GpuError> =>
  Effect.flatMap(BeforeEnding, (check) =>
    check === null ? send : Effect.andThen(check, Effect.provideService(send, BeforeSending, check))
  )

/** Asks for the end; a refusal is an answer where the machine is on its way out, or may be, and a failure elsewhere. */
export const askForEnd = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  machines: Reader<P, K, N>,
  id: string,
  isUnderWay: boolean
): Effect.Effect<Answer, GpuError> => {
  const send = Effect.as(definition.destroy(id), "accepted" as const).pipe(
    Effect.catch((error): Effect.Effect<Answer, GpuError> => {
      if (error._tag === "NotFound") return Effect.succeed("missing")
      if (error._tag === "Conflict") return Effect.succeed(error)
      // Nothing was done, and the machine costs on: it is asked again, as long as an end is asked for.
      if (error._tag === "RateLimited" && !error.ownLimit) return Effect.succeed(error)
      if (error._tag === "Unauthenticated" || error._tag === "PermissionDenied") return Effect.fail(error)
      if (isUnderWay) return Effect.succeed(error)
      const isLost = error._tag === "Network" || error._tag === "Timeout" || error._tag === "RateLimited"
      if (isLost) return Effect.fail(error)
      return Effect.flatMap(isEnding(machines, id), (ending) => (ending ? Effect.succeed(error) : Effect.fail(error)))
    })
  )
  return checked(send)
}
