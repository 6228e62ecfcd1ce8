import { readFileSync } from "node:fs"
import type { AnyProvider } from "../../packages/core/src/index.ts"
import { fluence, endpoints as fluenceEndpoints } from "../../packages/fluence/src/index.ts"
import { huddle, endpoints as huddleEndpoints } from "../../packages/huddle/src/index.ts"
import { vast, endpoints as vastEndpoints } from "../../packages/vast/src/index.ts"
import { docText } from "./markdown.ts"
import type { Reached } from "./notebook.ts"
import { tourFluence } from "./tour-fluence.ts"
import { tourHuddle } from "./tour-huddle.ts"
import { tourVast } from "./tour-vast.ts"

/** What the pages need to know of one route. */
export interface RouteInfo {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly repeat: string
  readonly limit?: { readonly calls: number; readonly perSeconds: number }
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

/** The doc comments above the endpoints in an adapter's files, by default in `endpoints.ts` alone. */
const endpointDocsOf = (adapter: string, files: ReadonlyArray<string> = ["endpoints.ts"]) =>
  new Map(
    files.flatMap((file) => {
      const text = readFileSync(new URL(`../../packages/${adapter}/src/${file}`, import.meta.url), "utf8")
      const entries = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+): endpoint\(/g)
      return [...entries].map(([, comment = "", name = ""]) => [name, docText(comment)] as const)
    })
  )

/** The test of each endpoint's exact request: the row that begins with its name, in an adapter's tables of them. */
const provenBy = (adapter: string, files: ReadonlyArray<string> = ["endpoints.test.ts"]) =>
  new Map(
    files.flatMap((file) => {
      const text = readFileSync(new URL(`../../packages/${adapter}/src/${file}`, import.meta.url), "utf8")
      return [...text.matchAll(/^ {2}\["(\w+)", \(/gm)].map(([, name = ""]) => [name, file] as const)
    })
  )

const apiKey = "no request is sent"

/** Every cloud that is built; a new one is added here and gets its pages. */
export const clouds: ReadonlyArray<CloudInfo> = [
  {
    name: "vast",
    title: "Vast.ai",
    kinds: vast({ apiKey }).kinds,
    endpoints: vastEndpoints,
    endpointDocs: endpointDocsOf("vast"),
    provenBy: provenBy("vast"),
    toured: "containers",
    tour: tourVast
  },
  {
    name: "huddle",
    title: "Huddle01",
    kinds: huddle({ apiKey }).kinds,
    endpoints: huddleEndpoints,
    endpointDocs: endpointDocsOf("huddle"),
    provenBy: provenBy("huddle"),
    toured: "VMs",
    tour: tourHuddle
  },
  {
    name: "fluence",
    title: "Fluence",
    kinds: fluence({ apiKey }).kinds,
    endpoints: fluenceEndpoints,
    endpointDocs: endpointDocsOf("fluence", ["gpu/endpoints.ts", "cpu/endpoints.ts", "account.ts"]),
    provenBy: provenBy("fluence", ["endpoints.test.ts", "cpu/endpoints.test.ts"]),
    endpointsNote:
      "Fluence's documents describe three generations of the API of CPU VMs, and of none that it ends. A lists and changes under `/vms/v2`; B is `/vms/v3` with `/marketplace`; C, which the newest documents describe alone, is `/v2/vms` with `/v1/...` and is not built. The common operations use A, and of B what A lacks.",
    toured: "every kind",
    tour: tourFluence
  }
]
