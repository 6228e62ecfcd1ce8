import { readFileSync } from "node:fs"
import type { AnyProvider, Facts, Lifecycle } from "../../packages/core/src/index.ts"
import { vast, endpoints as vastEndpoints, lifecycle as vastLifecycle } from "../../packages/vast/src/index.ts"
import { docText } from "./markdown.ts"
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

/** One cloud as the pages show it. */
export interface CloudInfo {
  readonly name: string
  readonly title: string
  readonly kinds: Readonly<Record<string, AnyProvider>>
  readonly lifecycle: Lifecycle<Facts>
  readonly endpoints: Readonly<Record<string, RouteInfo>>
  /** What the code says about each endpoint, by its name. */
  readonly endpointDocs: ReadonlyMap<string, string>
  /** Uses everything once on the simulator: which routes (`METHOD path`) each common operation reached. */
  readonly tour: () => Promise<ReadonlyMap<string, ReadonlySet<string>>>
}

/** The doc comments above the entries of an adapter's `endpoints.ts`. */
const endpointDocsOf = (adapter: string): ReadonlyMap<string, string> => {
  const text = readFileSync(new URL(`../../packages/${adapter}/src/endpoints.ts`, import.meta.url), "utf8")
  const entries = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+): endpoint\(/g)
  return new Map([...entries].map(([, comment = "", name = ""]) => [name, docText(comment)]))
}

/** Every cloud that is built; a new one is added here and gets its pages. */
export const clouds: ReadonlyArray<CloudInfo> = [
  {
    name: "vast",
    title: "Vast.ai",
    kinds: vast({ apiKey: "no request is sent" }).kinds,
    lifecycle: vastLifecycle as unknown as Lifecycle<Facts>,
    endpoints: vastEndpoints,
    endpointDocs: endpointDocsOf("vast"),
    tour: tourVast
  }
]
