import type { Document } from "../../documents/index.ts"
import { containerRows } from "./000-containers.ts"
import { machineRows } from "./000-machines.ts"
import { introductionRows } from "./001.ts"
import { cpuRows } from "./003.ts"

/** The documents of Fluence that its adapter began with. */
export const documents: ReadonlyArray<Document> = [
  { number: "000", title: "Fluence, Manage GPU instances", rows: [...containerRows, ...machineRows] },
  { number: "001", title: "Fluence, Introduction to the GPU cloud API", rows: introductionRows },
  { number: "003", title: "Fluence, Manage your deployments", rows: cpuRows }
]
