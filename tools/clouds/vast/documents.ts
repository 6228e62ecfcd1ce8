import type { Document } from "../../documents/index.ts"
import { vastRows } from "./004.ts"

/** The document of Vast.ai that its adapter began with. */
export const documents: ReadonlyArray<Document> = [{ number: "004", title: "Vast.ai, manage instance", rows: vastRows }]
