import { simulateClouds } from "@anygpu/clouds/simulated"
import { clockFrom, type GpuError, type Instance, type InstanceRef, makeGpu, supports } from "anygpu/effect"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { expectThat } from "./expect-that.ts"

/** Rents and ends a machine as a program of Effect, its errors in its type. */
export const withEffect = async (): Promise<void> => {
  const { clock, open } = simulateClouds()
  const clouds = await open()
  const gpu = makeGpu({ clouds })
  const program: Effect.Effect<Instance, GpuError> = Effect.gen(function* () {
    const [offer] = yield* gpu.offers({ kind: "container", gpu: "RTX 3090", limit: 1 })
    if (!offer) return yield* Effect.die("no offer")
    const { ref } = yield* gpu.rent({ offer, name: "trial", image: "ubuntu:24.04" })
    const instance = yield* gpu.waitUntilReady(ref)
    yield* gpu.terminate(ref)
    return instance
  })
  const run = <A>(effect: Effect.Effect<A, GpuError>): Promise<A> =>
    Effect.runPromise(Effect.provideService(effect, Clock.Clock, clockFrom(clock)))
  expectThat((await run(program)).status === "running", "a program rents a machine")

  const missing: InstanceRef | string = "vast/container/999999999"
  const tag = await run(
    gpu.get(missing).pipe(
      Effect.as("found"),
      Effect.catchTag("NotFound", ({ provider }) => Effect.succeed(`not on ${provider}`))
    )
  )
  expectThat(tag === "not on vast", "errors are caught by their tags")
  const kinds = clouds.flatMap((cloud) => Object.values(cloud.kinds))
  expectThat(
    kinds.some((kind) => supports(kind, "stop")),
    "a provider says what it can do"
  )
}
