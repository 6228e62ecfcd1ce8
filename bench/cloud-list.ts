import { clouds } from "@anygpu/clouds"
import type { BenchCloud } from "./cloud.ts"

const read = async (name: string): Promise<BenchCloud & { readonly name: string }> => {
  const { cloud }: { readonly cloud: BenchCloud } = await import(`./clouds/${name}/cloud.ts`)
  return { name, ...cloud }
}

/** Every cloud of the list as the benches know it, in the order in which seeds draw. */
export const benchClouds = (await Promise.all(clouds.map(({ name }) => read(name)))).sort((a, b) => a.order - b.order)

/** The names of the clouds, in the same order. */
export const cloudNames: ReadonlyArray<string> = benchClouds.map(({ name }) => name)

/** Something of a cloud by the cloud's name; throws for an unknown name. */
export const ofCloud = <A>(all: Readonly<Record<string, A>>, name: string): A => {
  const one = all[name]
  if (one === undefined) throw new Error(`there is no cloud ${name}: the benches know ${Object.keys(all).join(", ")}`)
  return one
}

const byName = Object.fromEntries(benchClouds.map((cloud) => [cloud.name, cloud]))

/** A cloud as the benches know it, by its name; throws for an unknown name. */
export const benchCloud = (name: string) => ofCloud(byName, name)

/** The same made for each cloud, by its name. */
export const forEachCloud = <A>(make: (cloud: (typeof benchClouds)[number]) => A): Readonly<Record<string, A>> =>
  Object.fromEntries(benchClouds.map((cloud) => [cloud.name, make(cloud)]))
