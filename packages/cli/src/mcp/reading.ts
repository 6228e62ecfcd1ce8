import { operations } from "@anygpu/operations"
import type { Context } from "../context.ts"
import { operationTool } from "./operation-tool.ts"
import type { Tool } from "./tool.ts"

/** The tools that only read. */
export const readingTools = (context: Context): Promise<ReadonlyArray<Tool>> =>
  Promise.all(operations.filter(({ effect }) => effect === "read").map((one) => operationTool(context, one)))
