import { afterAll, beforeAll } from "vitest"
import { simulatedClouds } from "./clouds.ts"
import { sshMachine } from "./machine.ts"

/** A rented machine called `trainer` of simulated clouds, and a real sshd that is logged in to in its place. */
export interface Trainer {
  readonly machine: Awaited<ReturnType<typeof sshMachine>>
  readonly clouds: ReturnType<typeof simulatedClouds>
}

/** Opens both before the tests of a `describe`, and closes them after. They are there once its tests run. */
export const rentedTrainer = ({ beforeClose }: { readonly beforeClose?: () => unknown } = {}): Trainer => {
  let machine: Trainer["machine"] | undefined
  let clouds: Trainer["clouds"] | undefined
  beforeAll(async () => {
    machine = await sshMachine()
    clouds = simulatedClouds()
    await clouds.rent("trainer")
  }, 60_000)
  afterAll(async () => {
    if (clouds) await beforeClose?.()
    await machine?.[Symbol.asyncDispose]()
    clouds?.[Symbol.dispose]()
  })
  const opened = <A>(one: A | undefined): A => {
    if (one === undefined) throw new Error("the machine is there once tests run")
    return one
  }
  return {
    get machine() {
      return opened(machine)
    },
    get clouds() {
      return opened(clouds)
    }
  }
}
