import { audit } from "./audit.ts"
import { balance } from "./balance.ts"
import { addKey, removeKey } from "./change-keys.ts"
import { compare } from "./compare.ts"
import { cost } from "./cost.ts"
import { doctor } from "./doctor.ts"
import { images } from "./images.ts"
import { keys } from "./keys.ts"
import { list } from "./list.ts"
import { events, logs } from "./logs.ts"
import { offers } from "./offers.ts"
import type { Operation } from "./operation.ts"
import { show } from "./show.ts"
import { ssh } from "./ssh.ts"
import { watch } from "./watch.ts"

/** Every operation, in the order in which people look for them. */
export const operations: ReadonlyArray<Operation> = [
  ...[offers, compare, images, cost],
  ...[list, show, watch, ssh, logs, events],
  ...[balance, keys, addKey, removeKey, audit, doctor]
]
