import { simulateClouds } from "../../../packages/clouds/src/simulated.ts"
import { createClock } from "../../../packages/simulators/src/index.ts"

/** The clouds of the examples; their time begins now, and every wait is over at once. */
const simulation = simulateClouds({ clock: createClock({ start: new Date() }), seed: 7, credit: 60 })

/** The variables that the examples read their keys from. */
export const { clock, env: environment } = simulation

const { vast, ...others } = simulation.simulators

/** Answers what would have gone to one of the clouds; no other host exists. */
export const fetchSimulated = (url: string, init: RequestInit): Promise<Response> => {
  const { origin } = new URL(url)
  // Vast has a second host, for logs.
  const cloud = Object.values(others).find((one) => one.origin === origin) ?? vast
  return cloud.fetch(url, init)
}

/** The machines that an example left behind. */
export const machinesLeft = (): ReadonlyArray<string> =>
  Object.entries(simulation.simulators).flatMap(([name, cloud]) =>
    cloud
      .truth()
      .filter(({ isAlive }) => isAlive)
      .map(({ kind, id }) => `${name}/${kind}/${id}`)
  )
