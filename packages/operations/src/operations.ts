import { list } from "./list.ts"
import type { Operation } from "./operation.ts"
import { show } from "./show.ts"

/** Every operation, in the order in which people look for them. */
export const operations: ReadonlyArray<Operation> = [list, show]
