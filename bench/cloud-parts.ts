import { existsSync } from "node:fs"
import type { World } from "@anygpu/conformance"
import type { Cloud } from "@anygpu/core"
import type { Transport } from "@anygpu/core/adapter"
import { cloudNames } from "./cloud-list.ts"
import type { Market } from "./market.ts"

/*
 * Some questions are put to one cloud: the one of which there is enough, or that keeps no pace. It is the one whose folder
 * below `clouds` has the part.
 */

/** Asks for offers; answers how many there were. */
export type Search = () => Promise<number>

/** A market of many offers, and the same question put to it by the SDK and by hand. */
export interface SearchPart {
  /** The route of the offers. */
  readonly path: string
  /** Prepares answers of so many offers: gives the one to a request, by its body, as text. */
  readonly answers: (
    count: number,
    pages: "paged" | "whole"
  ) => Promise<(body: string) => { readonly key: string; readonly text: () => string }>
  /** A request for that many offers at once, or all of them. */
  readonly whole: (count: number) => string
  readonly withSdk: (market: Market) => Search
  readonly byHand: (market: Market) => Search
}

/** One machine that is read again and again, by the SDK and by hand; each answers its status. */
export interface ReadPart {
  /** The answer to each read, as the simulated cloud sends it. */
  readonly answer: () => Promise<string>
  readonly withSdk: (market: Market) => () => Promise<string>
  readonly byHand: (market: Market) => () => Promise<string>
}

/** A list in pages of machines that do not change. */
export interface WatchPart {
  readonly pageSize: number
  /** The pages of so many machines, each with the token of the next one. */
  readonly pages: (machines: number) => ReadonlyArray<string>
  /** Which page a URL asks for, from 0. */
  readonly pageOf: (url: string) => number
  readonly open: (transport: Transport) => Cloud
}

/** What a provider behind another package's interface is made of, for its tests. */
export interface WorldPart {
  /** The kind that is rented, by its name among the cloud's kinds. */
  readonly kind: string
  readonly openWorld: () => World
}

/** The parts by the names of their files. */
export interface CloudParts {
  readonly search: SearchPart
  readonly read: ReadPart
  readonly watch: WatchPart
  readonly world: WorldPart
}

/** The part of the first cloud that has it, and the cloud's name; throws where none has. */
export const readPart = async <P extends keyof CloudParts>(
  part: P
): Promise<{ readonly cloud: string } & CloudParts[P]> => {
  const fileOf = (name: string) => new URL(`clouds/${name}/${part}.ts`, import.meta.url)
  const cloud = cloudNames.find((name) => existsSync(fileOf(name)))
  if (cloud === undefined) throw new Error(`no cloud of the benches has a ${part}.ts`)
  const read: { readonly [Q in P]: CloudParts[P] } = await import(`./clouds/${cloud}/${part}.ts`)
  return { cloud, ...read[part] }
}
