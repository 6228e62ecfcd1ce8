import { readdirSync, readFileSync } from "node:fs"
import { type CloudDescription, clouds as described } from "../../packages/clouds/src/index.ts"
import type { Limits } from "../../packages/core/src/adapter/index.ts"
import type { AnyProvider } from "../../packages/core/src/index.ts"
import { docText } from "./markdown.ts"
import type { Reached } from "./notebook.ts"

/** What the pages need to know of one route. */
export interface RouteInfo {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly repeat: string
  readonly limit?: Limits
  readonly source: string
}

/** One cloud as the pages show it. The status tables are those of its kinds. */
export interface CloudInfo {
  readonly name: string
  readonly title: string
  readonly kinds: Readonly<Record<string, AnyProvider>>
  readonly endpoints: Readonly<Record<string, RouteInfo>>
  /** What the code says about each endpoint, by its name. */
  readonly endpointDocs: ReadonlyMap<string, string>
  /** Where the exact request of each endpoint is tested, by its name. */
  readonly provenBy: ReadonlyMap<string, string>
  /** What people should know before they read the endpoints. */
  readonly endpointsNote?: string
  /** The kinds that the tour uses, for people. */
  readonly toured: string
  /** Uses everything once on the simulator. */
  readonly tour: () => Promise<Reached>
}

/** The files of an adapter, tests too, by their paths in its folder. */
const filesOf = (adapter: string): ReadonlyArray<string> => {
  const folder = new URL(`../../packages/${adapter}/src/`, import.meta.url)
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
}

const textOf = (adapter: string, file: string): string =>
  readFileSync(new URL(`../../packages/${adapter}/src/${file}`, import.meta.url), "utf8")

/** The doc comments above the endpoints in an adapter's files. */
const endpointDocsOf = (adapter: string): CloudInfo["endpointDocs"] =>
  new Map(
    filesOf(adapter)
      .filter((file) => !/\.test/.test(file))
      .flatMap((file) => {
        const entries = textOf(adapter, file).matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+): endpoint\(/g)
        return [...entries].map(([, comment = "", name = ""]) => [name, docText(comment)] as const)
      })
  )

/** The test of each endpoint's exact request: the row that begins with its name, in an adapter's tables of them. */
const provenByIn = (adapter: string): CloudInfo["provenBy"] =>
  new Map(
    filesOf(adapter)
      .filter((file) => file.endsWith("endpoints.test.ts"))
      .flatMap((file) =>
        [...textOf(adapter, file).matchAll(/^ {2}\["(\w+)", \(/gm)].map(([, name = ""]) => [name, file] as const)
      )
  )

/** What an adapter's root entry exports for these pages. */
interface Adapter {
  readonly endpoints: CloudInfo["endpoints"]
}

/** What is in the file of a cloud's tour. */
interface Tour {
  readonly tour: CloudInfo["tour"]
}

const infoOf = async ({ name, title, keys, notes, open }: CloudDescription): Promise<CloudInfo> => {
  const { kinds } = await open(Object.fromEntries(keys.map(({ option }) => [option, "no request is sent"])))
  const { endpoints }: Adapter = await import(`../../packages/${name}/src/index.ts`)
  const { tour }: Tour = await import(`../clouds/${name}/tour.ts`)
  return {
    ...{ name, title, kinds, endpoints, tour, toured: notes.toured },
    ...{ endpointDocs: endpointDocsOf(name), provenBy: provenByIn(name) },
    ...(notes.endpoints !== undefined && { endpointsNote: notes.endpoints })
  }
}

/** Every cloud of the list, with the pages that it gets. */
export const clouds: ReadonlyArray<CloudInfo> = await Promise.all(described.map(infoOf))
