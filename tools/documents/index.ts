import { containerRows } from "./000-containers.ts"
import { machineRows } from "./000-machines.ts"
import { introductionRows } from "./001.ts"
import { huddleRows } from "./002.ts"
import { cpuRows } from "./003.ts"
import { vastRows } from "./004.ts"
import type { Row } from "./item.ts"

/** One of the five documents that the adapters began with, and everything that it states. */
export interface Document {
  readonly number: string
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}

/** The five documents, line by line. */
export const documents: ReadonlyArray<Document> = [
  { number: "000", title: "Fluence, Manage GPU instances", rows: [...containerRows, ...machineRows] },
  { number: "001", title: "Fluence, Introduction to the GPU cloud API", rows: introductionRows },
  { number: "002", title: "Huddle01, Deployments", rows: huddleRows },
  { number: "003", title: "Fluence, Manage your deployments", rows: cpuRows },
  { number: "004", title: "Vast.ai, manage instance", rows: vastRows }
]
