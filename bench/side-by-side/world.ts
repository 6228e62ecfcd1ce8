import { clouds } from "@anygpu/clouds"
import { readPart } from "../cloud-parts.ts"

const { cloud, kind, openWorld } = await readPart("world")
const described = clouds.find(({ name }) => name === cloud)
if (!described) throw new Error(`${cloud} is not in the list of clouds`)

export { openWorld }

/** The cloud whose adapter is put behind the other interface. */
export const { name: bridgedName, title: bridgedTitle } = described

/** What the tables call the kind that is rented of it: `Acme containers`. */
export const bridgedKind = `${described.title} ${kind}`

/** The name of its secret in the vault of the other side. */
export const secretName = described.keys[0].variables[0]
