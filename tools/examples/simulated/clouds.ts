import {
  createClock,
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator
} from "../../../packages/simulators/src/index.ts"

/** The time of the clouds and of the examples' clients: it begins now, and every wait is over at once. */
export const clock = createClock({ start: new Date() })

const options = { clock, seed: 7, credit: 60 }
const vast = createVastSimulator(options)
const fluence = createFluenceSimulator(options)
const huddle = createHuddleSimulator(options)

/** The variables that the examples read their keys from. */
export const environment: Readonly<Record<string, string>> = {
  VAST_API_KEY: vast.apiKey,
  FLUENCE_API_KEY: fluence.apiKey,
  HUDDLE_API_KEY: huddle.apiKey
}

/** Answers what would have gone to one of the clouds; no other host exists. */
export const fetchSimulated = (url: string, init: RequestInit): Promise<Response> => {
  const { origin } = new URL(url)
  const cloud = [fluence, huddle].find((one) => one.origin === origin) ?? vast
  return cloud.fetch(url, init)
}

/** The machines that an example left behind. */
export const machinesLeft = (): ReadonlyArray<string> =>
  Object.entries({ vast, fluence, huddle }).flatMap(([name, cloud]) =>
    cloud
      .truth()
      .filter(({ isAlive }) => isAlive)
      .map(({ kind, id }) => `${name}/${kind}/${id}`)
  )
