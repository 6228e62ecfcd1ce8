import { readFileSync } from "node:fs"
import type { AnyProvider } from "../../packages/core/src/index.ts"
import { huddle, endpoints as huddleEndpoints } from "../../packages/huddle/src/index.ts"
import { vast, endpoints as vastEndpoints } from "../../packages/vast/src/index.ts"
import { docText } from "./markdown.ts"
import type { Reached } from "./notebook.ts"
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

const apiKey = "no request is sent"

/** Every cloud that is built; a new one is added here and gets its pages. */
export const clouds: ReadonlyArray<CloudInfo> = [
  {
    name: "vast",
    title: "Vast.ai",
    kinds: vast({ apiKey }).kinds,
    endpoints: vastEndpoints,
    endpointDocs: endpointDocsOf("vast"),
    toured: "containers",
    tour: tourVast
  },
  {
    name: "huddle",
    title: "Huddle01",
    kinds: huddle({ apiKey }).kinds,
    endpoints: huddleEndpoints,
    endpointDocs: endpointDocsOf("huddle"),
    toured: "VMs",
    tour: tourHuddle
  }
]
