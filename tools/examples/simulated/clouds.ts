import { simulateClouds } from "../../../packages/clouds/src/simulated.ts"
import { createClock } from "../../../packages/simulators/src/index.ts"

/** The clouds of the examples; their time begins now, and every wait is over at once. */
const simulation = simulateClouds({ clock: createClock({ start: new Date() }), seed: 7, credit: 60 })

/** The variables that the examples read their keys from. */
export const { clock, env: environment } = simulation

const simulators = Object.values(simulation.simulators)

/** Answers what would have gone to one of the clouds; no other host exists. */
export const fetchSimulated = (url: string, init: RequestInit): Promise<Response> => {
  const { origin } = new URL(url)
  // A cloud may have further hosts, for logs.
  const cloud = simulators.find(({ urls }) => urls.some((pattern) => new URL(pattern).origin === origin))
  return cloud ? cloud.fetch(url, init) : Promise.reject(new TypeError(`no simulated cloud is at ${origin}`))
}

/** The machines that an example left behind. */
export const machinesLeft = (): ReadonlyArray<string> =>
  Object.entries(simulation.simulators).flatMap(([name, cloud]) =>
    cloud
      .truth()
      .filter(({ isAlive }) => isAlive)
      .map(({ kind, id }) => `${name}/${kind}/${id}`)
  )
