import type { Factory, World } from "../harness.ts"
import type { Mutant } from "./mutant.ts"

const inFactory = (world: World, change: (factory: Factory) => Factory["make"]): Partial<World> =>
  world.factory ? { factory: { ...world.factory, make: change(world.factory) } } : {}

const own = (options: unknown) => Object(options) as Readonly<Record<string, unknown>>

const keysOf = ({ variable }: Factory) => (typeof variable === "string" ? ["apiKey"] : Object.keys(variable))

/** The same factory called in another way. */
const calling = ({ make }: Factory, how: (options: unknown) => unknown): Factory["make"] =>
  Object.assign((options: unknown) => make(how(options) as never), {
    fromEnv: (options: unknown) => make.fromEnv(how(options) as never)
  })

/** Factories that take what they should refuse. */
export const factoryMutants: ReadonlyArray<Mutant> = [
  {
    name: "takes an empty key",
    kills: "factory: a key that is missing or empty is InvalidRequest that names its variable",
    description: "Opens a cloud without a key: every call is refused, and nobody says which variable to set.",
    mutate: (provider) => provider,
    mutateWorld: (world) =>
      inFactory(world, (factory) =>
        calling(factory, (options) => {
          const given = own(options)
          const isKey = (key: unknown) => typeof key === "string" && key.trim() !== ""
          const keys = keysOf(factory).map((key) => [key, isKey(given[key]) ? given[key] : "none"])
          return { ...given, ...Object.fromEntries(keys) }
        })
      )
  },
  {
    name: "takes the key of another account",
    kills: "factory: an account has the name that it is given, and its own variables",
    description:
      "Opens a named account with the key of the one without a name: it rents and ends on the wrong account.",
    mutate: (provider) => provider,
    mutateWorld: (world) =>
      inFactory(world, (factory) =>
        calling(factory, (options) => {
          const { account: _, ...others } = own(options)
          return others
        })
      )
  },
  {
    name: "passes over options",
    kills: "factory: an option that there is not is InvalidRequest that names the nearest",
    description: "Drops an option with a misspelt name: requests go to another address than was asked for.",
    mutate: (provider) => provider,
    mutateWorld: (world) =>
      inFactory(world, (factory) =>
        calling(factory, (options) => {
          const known = [...keysOf(factory), "env"]
          return Object.fromEntries(Object.entries(own(options)).filter(([name]) => known.includes(name)))
        })
      )
  }
]
