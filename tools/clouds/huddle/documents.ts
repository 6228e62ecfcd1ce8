import type { Document } from "../../documents/index.ts"
import { huddleRows } from "./002.ts"

/** The document of Huddle01 that its adapter began with. */
export const documents: ReadonlyArray<Document> = [{ number: "002", title: "Huddle01, Deployments", rows: huddleRows }]
